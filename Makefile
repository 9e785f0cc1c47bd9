# make setup   .venv with everything        make test   the default suite, no network needed
# make verify  the main job on the sample   make bench  timings      make lint  style, types, layers
# make sample  the committed report in reports/sample and its pictures (needs chromium)
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.complete

.PHONY: setup verify test slow bench lint sample clean
.DELETE_ON_ERROR:

setup: $(STAMP)

# --no-deps: requirements.txt is the complete list, and Debian's pip refuses extras in hash mode.
$(STAMP): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11 to 3.13 is needed; name one with make PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

verify: setup
	$(BIN)/tabayyun verify claims/sample/article.ar.txt --published 2024-10-12

test: setup
	$(BIN)/python -m pytest -n auto

slow: setup
	$(BIN)/python -m pytest -m slow

bench: setup
	for file in tests/bench/bench_*.py; do $(BIN)/python $$file || exit 1; done

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

SHOT := chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run --disable-background-networking
sample: setup
	rm -rf build/sample reports/sample
	$(BIN)/tabayyun verify claims/sample/article.ar.txt --published 2024-10-12 --workspace build/sample
	mv build/sample/reports/*/ build/sample/reports/sample
	$(BIN)/tabayyun reports --workspace build/sample
	mv build/sample/reports/* reports/
	$(SHOT) --window-size=1280,1500 --screenshot=reports/sample/report.ar.png file://$(CURDIR)/reports/sample/index.html
	$(SHOT) --window-size=1280,1500 --screenshot=reports/sample/report.en.png file://$(CURDIR)/reports/sample/index.en.html
	$(SHOT) --window-size=390,1500 --screenshot=reports/sample/report.ar.phone.png file://$(CURDIR)/reports/sample/index.html

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
