"""One stage at a time from the shell: JSON Lines in and out, each answer before the input ends."""

from __future__ import annotations

import contextlib
import gzip
import json
import select
import signal
import urllib.request
from pathlib import Path

import pytest
from commands_support import PAGES, TEXT, World, command, started, whole_archives

SPOKEN = "قال وزير الطاقة إن المحطة في معان تنتج 2700 ميغاواط منذ 5 مارس 2024."
ROWS = {
    "worth": {"id": 1, "text": SPOKEN},
    "normalise": {"id": 1, "text": SPOKEN, "reference": "2024-03-10"},
    "quotes": {"id": 1, "text": SPOKEN},
    "stance": {"id": 1, "claim": SPOKEN, "evidence": SPOKEN, "claim_date": "2024-03-10"},
    "match": {"id": 1, "text": SPOKEN},
    "extract": {"id": 1, "text": SPOKEN},
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.mark.parametrize(("claim", "evidence"), [("", ""), (SPOKEN, " \u200f\n"), ("…", SPOKEN)])
def test_nothing_speaks_for_or_against_what_has_no_words(claim: str, evidence: str, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps({"id": 1, "claim": claim, "evidence": evidence}), encoding="utf-8")
    (judged,) = command("stance", file).records
    assert (judged["label"], judged["neutral"], judged["why"]) == ("neutral", 1.0, ["has no words"])


def test_answers_come_before_the_input_ends(world: World) -> None:
    (world.folder / "known.jsonl").write_text(lines({"vclaim_id": 9, "vclaim": SPOKEN}), encoding="utf-8")
    rows = ROWS | {"fetch": {"id": 1, "url": "http://sun.example/maan"}}
    with contextlib.ExitStack() as stack:
        under_way = {}
        for verb in rows:
            more = {
                "fetch": ["--in", "-", "--sources", world.sources, "--workspace", world.workspace],
                "match": ["-", "--against", world.folder / "known.jsonl"],
            }.get(verb, ["-"])
            under_way[verb] = stack.enter_context(started(world.folder / "home", verb, *more, stdin=-1))
        for verb, process in under_way.items():
            assert process.stdin and process.stdout and process.stderr
            process.stdin.write(lines(rows[verb]))
            process.stdin.flush()
        for verb, process in under_way.items():
            assert process.stdin and process.stdout and process.stderr
            assert select.select([process.stdout], [], [], 60)[0], verb
            first = json.loads(process.stdout.readline())
            assert first.get("id") == 1 or first["article"] == "1", verb
            process.stdin.close()
            rest, err = process.stdout.read(), process.stderr.read()
            assert (process.wait(60), err) == (0, ""), verb
            assert not rest or verb == "extract"
    assert whole_archives(world.workspace) == 1


def test_shapes_of_the_answers(world: World) -> None:
    file = world.folder / "rows.jsonl"

    def answer(verb: str, *more: object) -> dict[str, object]:
        file.write_text(lines(ROWS[verb]), encoding="utf-8")
        (record,) = command(verb, file, *more).records
        assert record["id"] == 1
        return record  # type: ignore[no-any-return]

    worth = answer("worth")
    assert 0 <= float(str(worth["score"])) <= 1 and isinstance(worth["reasons"], list)
    found = answer("normalise")
    (day,) = found["dates"]  # type: ignore[misc]
    assert (day["from"], day["to"], day["grain"], day["approximate"]) == (
        "2024-03-05",
        "2024-03-05",
        "day",
        False,
    )
    assert SPOKEN[day["start"] : day["end"]] == day["text"]
    assert any(SPOKEN[n["start"] : n["end"]] == n["text"] == "2700 ميغاواط" for n in found["numbers"])  # type: ignore[attr-defined]
    (link,) = answer("quotes")["attributions"]  # type: ignore[misc]
    assert link["mode"] == "says"
    assert SPOKEN[link["source"]["start"] : link["source"]["end"]].strip() == "وزير الطاقة"
    judged = answer("stance")
    chances = {name: float(str(judged[name])) for name in ("supports", "refutes", "neutral")}
    assert sum(chances.values()) == pytest.approx(1, abs=0.01)
    assert judged["label"] == max(chances, key=lambda name: chances[name])


def test_a_text_of_a_megabyte_is_read_as_far_as_anybody_writes(world: World) -> None:
    file = world.folder / "long.jsonl"
    text = SPOKEN + " " * 1_000_000 + SPOKEN
    for verb, kept in (("normalise", "dates"), ("quotes", "attributions")):
        file.write_text(lines({"id": 1, "text": text}, {"id": 2, "text": SPOKEN}), encoding="utf-8")
        long, short = command(verb, file).records
        assert long.pop("unread_from") == 300_000
        assert "unread_from" not in short
        assert long[kept] == short[kept] != []


def test_known_claims_are_found_whatever_the_language(world: World) -> None:
    known = [
        {"vclaim_id": "ar", "vclaim": SPOKEN, "title": "معان"},
        {
            "vclaim_id": "en",
            "vclaim": "The energy minister said the Maan plant has produced 2700 megawatts since 5 March 2024.",
        },
        {
            "vclaim_id": "far",
            "vclaim": "The museum bought a painting of two horses at an auction in Vienna last week.",
        },
        {"vclaim_id": "short", "vclaim": "المحطة في معان"},
    ]
    (world.folder / "known.jsonl").write_text(lines(*known), encoding="utf-8")
    asked = [
        {"id": "long", "text": SPOKEN},
        {"id": "short", "text": "المحطة في معان"},
        {"id": "none", "text": ""},
    ]
    (world.folder / "asked.jsonl").write_text(lines(*asked), encoding="utf-8")
    said = command("match", world.folder / "asked.jsonl", "--against", world.folder / "known.jsonl")
    assert (said.status, [r["id"] for r in said.records]) == (0, ["long", "short", "none"])
    found = {r["id"]: {m["id"]: m for m in r["matches"]} for r in said.records}
    first, *_ = said.records[0]["matches"]
    assert (first["id"], first["relation"]) == ("ar", "same") and 0 < first["score"] <= 1
    assert "en" in found["long"] and "far" not in found["long"]
    assert [m["score"] for m in said.records[0]["matches"]] == sorted(
        (m["score"] for m in said.records[0]["matches"]), reverse=True
    )
    assert found["short"]["short"]["score"] > 0.9 and found["short"]["short"]["relation"] == "related"
    (world.folder / "none.jsonl").write_text("")
    nothing = command("match", world.folder / "asked.jsonl", "--against", world.folder / "none.jsonl")
    assert [r["matches"] for r in nothing.records] == [[], [], []]
    bad = command("match", world.folder / "asked.jsonl", "--against", world.folder / "sources.toml")
    assert "line 1: is not JSON" in bad.one_line(2)


@pytest.mark.parametrize("verb", sorted(ROWS.keys() - {"extract", "match"}))
def test_lines_that_cannot_be_used_end_it_and_say_where(world: World, verb: str) -> None:
    file = world.folder / "rows.jsonl"
    file.write_text(lines(ROWS[verb]) + '{"id": 2}\n', encoding="utf-8")
    said = command(verb, file)
    assert said.status == 2 and len(said.records) == 1
    assert f"{file} line 2: has no" in said.err and len(said.err.splitlines()) == 1
    said = command(verb, file, "--out", world.folder / "out.jsonl")
    assert said.status == 2 and not (world.folder / "out.jsonl").exists()
    assert not list(world.folder.glob(".*.part"))
    assert "no such file" in command(verb, world.folder / "gone.jsonl").one_line(2)


def test_a_day_in_a_record_that_does_not_exist(world: World) -> None:
    (world.folder / "rows.jsonl").write_text(
        lines(ROWS["normalise"] | {"reference": "2024-13-40"}), encoding="utf-8"
    )
    line = command("normalise", world.folder / "rows.jsonl").one_line(2)
    assert line.startswith("record 1: reference: '2024-13-40' is not a day")


HARDLY_TEXTS = {
    "empty": "",
    "whitespace": " \n\t ",
    "marks": "\u200f\u200e\u202b",
    "nul": "\0في 5\0 مارس 2024 \0",
    "half": "\ud800 5 مارس 2024",
    "word": "الجمعة",
}


@pytest.mark.parametrize("verb", ["normalise", "quotes", "worth"])
def test_what_is_hardly_a_text_gets_its_answer(world: World, verb: str) -> None:
    rows = [{"id": name, "text": text} for name, text in HARDLY_TEXTS.items()]
    (world.folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = command(verb, world.folder / "rows.jsonl")
    assert (said.status, said.err, [r["id"] for r in said.records]) == (0, "", list(HARDLY_TEXTS))
    if verb == "normalise":
        assert [len(r["dates"]) for r in said.records] == [0, 0, 0, 1, 1, 0]


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["في 5 مارس 2024 ", " ", "\u200f", "1", '" '])
def test_ten_megabytes_get_their_answer(world: World, unit: str) -> None:
    text = unit * (10_000_000 // len(unit.encode()))
    (world.folder / "rows.jsonl").write_text(json.dumps({"id": 1, "text": text}) + "\n")
    for verb in ("normalise", "quotes", "worth"):
        said = command(verb, world.folder / "rows.jsonl")
        assert (said.status, said.err, [r["id"] for r in said.records]) == (0, "", [1]), verb


def test_records_into_a_file(world: World) -> None:
    out = world.folder / "out.jsonl"
    said = command("extract", world.article, "--out", out)
    assert (said.status, said.out) == (0, "")
    assert out.read_text(encoding="utf-8") == command("extract", world.article).out
    nowhere = command("extract", world.article, "--out", world.folder / "gone" / "out.jsonl")
    assert "cannot be written" in nowhere.one_line(2)


def test_pages_are_fetched_in_order_with_their_outcomes(world: World) -> None:
    urls = [*PAGES, "http://sun.example/none", "http://127.0.0.1:9/", "not an address"]
    said = command("fetch", *urls, "--sources", world.sources, "--workspace", world.workspace)
    assert said.status == 0 and [r["url"] for r in said.records] == urls
    assert [r["outcome"] for r in said.records] == ["ok", "ok", "gone", "unsafe_address", "unsafe_address"]
    first = said.records[0]
    assert first["warc"].startswith("archive/") and (world.workspace / first["warc"]).is_file()
    assert "name addresses" in command("fetch").one_line(2)
    file = world.folder / "urls.jsonl"
    file.write_text(lines({"id": "a", "url": urls[0]}) + "{broken\n", encoding="utf-8")
    said = command("fetch", "--in", file, "--sources", world.sources, "--workspace", world.workspace)
    assert (said.status, [r["id"] for r in said.records]) == (2, ["a"]) and "line 2: is not JSON" in said.err


def test_pages_are_read_from_files_and_lists(world: World) -> None:
    page = world.web / "0.html"
    packed = world.folder / "page.html.gz"
    packed.write_bytes(gzip.compress(page.read_bytes()))
    (world.folder / "pages.jsonl").write_text(
        lines({"id": "p", "html_file": "web/0.html", "url": "http://sun.example/maan"})
    )
    said = command("read", page, packed, world.folder / "pages.jsonl")
    assert said.status == 0 and len(said.records) == 3
    assert len({record["text"] for record in said.records}) == 1 and "معان" in said.records[0]["text"]
    assert (said.records[2]["id"], said.records[2]["url"]) == ("p", "http://sun.example/maan")
    assert {
        "title",
        "authors",
        "outlet",
        "published",
        "modified",
        "lang",
        "canonical",
        "claim_reviews",
    } <= set(said.records[0])
    (world.folder / "torn.html.gz").write_bytes(packed.read_bytes()[:50])
    for name in ("gone.html", "torn.html.gz"):
        assert name in command("read", world.folder / name).one_line(2)


def test_status_and_sql(world: World) -> None:
    assert "no verification has been recorded" in command("status", "--workspace", world.workspace).one_line(
        2
    )
    assert "no verification has been recorded" in command(
        "sql", "select 1", "--workspace", world.workspace
    ).one_line(2)
    world.verify()
    place = ["--workspace", world.workspace]
    everything = command("status", "--json", *place).records
    assert len(everything) == 2 and all(TEXT.count(row["text"]) == 1 for row in everything)
    one = command("status", "--claim", everything[0]["claim_id"], "--json", *place).records
    assert one == everything[:1]
    assert command("status", "--since", "2999-01-01", "--json", *place).records == []
    assert command("status", "--changed", "--json", *place).records == []
    assert len(command("status", *place).out.splitlines()) == 3
    for arguments in (
        ["status", "--verdict", "maybe"],
        ["status", "--since", "2024-13-40"],
        ["sql", "nonsense"],
    ):
        command(*arguments, *place).one_line(2)
    assert "can only be read" in command("sql", "drop table claim", *place).one_line(2)
    rows = command("sql", "select claim_id, verdict from claim_status order by 1", "--json", *place).records
    assert [row["claim_id"] for row in rows] == sorted(row["claim_id"] for row in everything)
    csv = command("sql", "select count(*) as n from claim_status", "--csv", *place)
    assert csv.out == "n\n2\n"
    out = world.folder / "rows.jsonl"
    assert command("sql", "from claim_status", "--out", out, *place).out == ""
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2
    parquet = world.folder / "rows.parquet"
    assert command("sql", "from claim_status", "--parquet", parquet, *place).status == 0
    assert parquet.read_bytes()[:4] == b"PAR1"


def test_a_recorded_web_is_served_until_it_is_stopped(world: World) -> None:
    world.verify()
    with started(world.folder / "home", "replay", world.workspace / "archive") as process:
        assert process.stderr
        said = process.stderr.readline()
        address = said.partition(" hosts at ")[2].split()[0]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{address}/search?q=Maan+plant&format=json", timeout=20) as answer:
            found = {row["url"] for row in json.load(answer)["results"]}
        assert "http://wire.example/jordan" in found
        port = address.rpartition(":")[2]
        taken = command("replay", world.web, "--port", port)
        assert port in taken.one_line(2)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0 and process.stderr.read() == ""
    assert "holds neither" in command("replay", world.folder / "home").one_line(2)


def test_the_reader_of_the_output_may_leave(world: World) -> None:
    """As `tabayyun … | head -1` does."""
    file = world.folder / "many.jsonl"
    file.write_text(lines(*[ROWS["worth"]] * 3000), encoding="utf-8")
    with started(world.folder / "home", "worth", file) as process:
        assert process.stdout and process.stderr
        assert json.loads(process.stdout.readline())["id"] == 1
        process.stdout.close()
        assert process.wait(60) == 1 and process.stderr.read() == ""


def test_interrupted_while_it_waits_for_input(world: World) -> None:
    with contextlib.ExitStack() as stack:
        processes = [
            stack.enter_context(started(world.folder / "home", *verb, stdin=-1))
            for verb in (["worth", "-"], ["fetch", "--in", "-", "--workspace", world.workspace])
        ]
        for process, row in zip(processes, (ROWS["worth"], {"id": 1, "url": "nowhere"}), strict=True):
            assert process.stdin and process.stdout
            process.stdin.write(lines(row))
            process.stdin.flush()
            assert process.stdout.readline()
            process.send_signal(signal.SIGTERM)
        for process in processes:
            assert process.stderr and process.wait(20) == 1
            assert process.stderr.read().startswith("tabayyun: interrupted")


def test_help_and_version() -> None:
    assert command("--version").out.startswith("tabayyun ")
    overview = command("--help").out
    for verb in ("verify", "extract", "fetch", "read", "status", "sql", "settings", "replay", "match", *ROWS):
        assert verb in overview
        assert "Usage:" in command(verb, "--help").out


def test_standard_output_on_a_full_disk(world: World) -> None:
    with (
        Path("/dev/full").open("w") as full,
        started(world.folder / "home", "extract", world.article, stdout=full) as process,
    ):
        assert process.stderr and process.wait(60) == 1
        (line,) = process.stderr.read().splitlines()
    assert line.startswith("tabayyun: No space left on device")
