"""A night: what is new is taken in once, what is due is checked again, and nothing is done twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge import ask, make_desk, night

from claims.errors import ConfigError, StoreBusy
from claims.pipeline import load_desk, one_night


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return make_desk(tmp_path)


def test_a_second_night_has_nothing_to_do_until_claims_fall_due(desk: Path) -> None:
    first = night(desk)
    assert first.articles == 1 and first.claims >= 2 and not first.incomplete
    assert first.report and first.report.is_file()
    verdicts = ask(desk, "SELECT verdict_id FROM verdict ORDER BY 1")
    again = night(desk)
    assert (again.articles, again.claims, again.report) == (0, 0, None)
    later = night(desk, days=1)
    assert (later.articles, later.claims) == (1, first.claims)
    assert ask(desk, "SELECT verdict_id FROM verdict ORDER BY 1") == verdicts
    runs = ask(desk, "SELECT run_id, count(*) FROM run_verdict GROUP BY 1 ORDER BY 1")
    assert [count for _, count in runs] == [first.claims, first.claims]
    assert len(ask(desk, "SELECT * FROM article")) == 1


def test_an_edited_page_changes_what_rests_on_it_and_is_named(desk: Path) -> None:
    first = night(desk)
    one = desk.parent / "pages" / "one.html"
    one.write_text(one.read_text(encoding="utf-8").replace("40 مليون", "55 مليون"), encoding="utf-8")
    later = night(desk, days=1)
    assert later.claims == first.claims
    (change,) = ask(desk, f"SELECT kind, url FROM page_changes WHERE run_id = '{later.run}'")
    assert change[0] == "edited" and str(change[1]).endswith("one.html")
    assert later.report and "one.html" in later.report.read_text(encoding="utf-8")


def test_a_new_file_is_taken_in_and_the_old_ones_are_not(desk: Path) -> None:
    night(desk)
    (desk.parent / "inbox" / "port.txt").write_text(
        "قالت هيئة الميناء إن 12 سفينة وصلت إلى المرسى في 5 مارس 2024.", encoding="utf-8"
    )
    assert night(desk).articles == 1
    assert len(ask(desk, "SELECT DISTINCT article_id FROM run_article")) == 2


def test_a_night_that_was_cut_short_is_finished_under_its_name(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claims.pipeline import Verification

    async def dies(self: Verification, article_id: str) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Verification, "weigh", dies)
        with pytest.raises(KeyboardInterrupt):
            night(desk)
    finished = night(desk)
    assert finished.articles == 1 and finished.claims >= 2
    assert finished.run.startswith("night-") and finished.run.count("-") == 3
    assert ask(desk, "SELECT count(*) FROM run") == [(1,)]
    assert night(desk).claims == 0


def test_two_nights_at_once_are_refused(tmp_path: Path) -> None:
    with one_night(tmp_path), pytest.raises(StoreBusy, match="another nightly run"), one_night(tmp_path):
        raise AssertionError("both were let in")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[watch]]\nname = "a"\nkind = "ftp"\n', "watch"),
        ('[[watch]]\nname = "a"\nkind = "feed"\n', "url"),
        ('[[watch]]\nname = "a"\nkind = "folder"\npath = "gone"\n', "no folder"),
        ('sources = "gone.toml"\n', "no such sources file"),
        ("watch = 3\n", "watch"),
        ("[[watch\n", "TOML"),
    ],
)
def test_a_desk_that_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=said):
        load_desk(file)
    with pytest.raises(ConfigError, match="no such file"):
        load_desk(tmp_path / "other.toml")
