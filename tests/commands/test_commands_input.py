"""Articles, dates, settings and sources files that cannot be used: one line, exit status 2, nothing begun."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from commands_support import PUBLISHED, TEXT, World, command, run

from claims.errors import InputError
from claims.record.store import Store


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_000)


BAD_ARTICLES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "no such file"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "blank": (lambda path: path.write_bytes(b" \r\n\t "), "is empty"),
    "picture": (
        lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9),
        "binary",
    ),
    "zeros": (lambda path: path.write_bytes(TEXT.encode() + b"\0"), "binary"),
    "noise": (lambda path: path.write_bytes(bytes(i * i * 97 % 255 + 1 for i in range(5000))), "encoding"),
    "huge": (huge, "more than the 5,000,000 bytes allowed"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "digits": (lambda path: path.write_bytes(b"12 34 56"), "no text"),
}


@pytest.mark.parametrize("kind", BAD_ARTICLES)
@pytest.mark.parametrize("verb", ["verify", "extract"])
def test_an_article_that_is_none(world: World, kind: str, verb: str) -> None:
    make, reason = BAD_ARTICLES[kind]
    make(world.folder / kind)
    said = command(verb, world.folder / kind, "--workspace", world.workspace, "--sources", world.sources)
    line = said.one_line(2)
    assert kind in line and reason in line
    assert not world.workspace.exists()


def test_a_file_that_never_ends(world: World) -> None:
    assert "more than" in command("extract", "/dev/zero", "--workspace", world.workspace).one_line(2)


ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": TEXT.encode("utf-8-sig"),
    "windows-1256": TEXT.encode("cp1256"),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16, high byte first": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-16, no mark": TEXT.encode("utf-16-le"),
    "utf-16, no mark, high byte first": TEXT.encode("utf-16-be"),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_an_article_in_another_encoding_gives_the_same_claims(world: World, encoding: str) -> None:
    (world.folder / "other").write_bytes(ENCODED[encoding])
    expected = command("extract", world.article, "--published", PUBLISHED)
    said = command("extract", world.folder / "other", "--published", PUBLISHED)
    assert said == expected
    assert (said.status, said.err, len(said.records)) == (0, "", 2)
    assert all(TEXT[r["start"] : r["end"]] == r["text"] for r in said.records)


DECORATED = (
    "\u202bقالَ الرَّئيسُ الإيرانيُّ مســعود بزشكيان\u200f يومَ 5 مارس 2024\u200e إنَّ «إنتاجَ النِّفطِ» بلغَ ٢٫٥ مليون برميل.\u202c\n"
    "واتّهمت واشنطن (Washington) طهرانَ بتزويد Россия بصواريخ، وهو ما نفته طهران.\n"
)
DECORATED_AS = {
    "utf-8": ("🚨🇮🇷 " + DECORATED, "utf-8-sig"),
    "utf-16": ("🚨🇮🇷 " + DECORATED, "utf-16"),
    "utf-16, no mark": ("🚨🇮🇷 " + DECORATED, "utf-16-le"),
    "windows-1256": (re.sub(r"[\u202a-\u202e٠-٩٫а-яА-Я]", "", DECORATED), "cp1256"),
}


@pytest.mark.parametrize("encoding", DECORATED_AS)
def test_diacritics_joins_marks_emoji_and_other_scripts_leave_offsets_exact(
    world: World, encoding: str
) -> None:
    text, name = DECORATED_AS[encoding]
    (world.folder / "decorated").write_bytes(text.encode(name))
    said = command("extract", world.folder / "decorated", "--published", PUBLISHED)
    assert [r["kind"] for r in said.records] == ["statement", "accusation", "denial"]
    assert [r["attribution"][0]["speaker_id"] for r in said.records] == ["person:pezeshkian", "US", "IR"]
    assert [w["from"] for w in said.records[0]["when"]] == ["2024-03-05"]
    for record in said.records:
        assert text[record["start"] : record["end"]] == record["text"]
        assert all(text[link["start"] : link["end"]] == link["cue"] for link in record["attribution"])
    lines = world.folder / "decorated.jsonl"
    lines.write_text(json.dumps({"id": 1, "text": text, "reference": PUBLISHED}, ensure_ascii=False), "utf-8")
    (found,) = command("normalise", lines).records
    assert found["dates"] and found["numbers"]
    assert all(text[f["start"] : f["end"]] == f["text"] for f in found["dates"] + found["numbers"])
    (quoted,) = command("quotes", lines).records
    first = quoted["attributions"][0]
    assert "بزشكيان" in text[first["source"]["start"] : first["source"]["end"]]
    assert text[first["cue"]["start"] : first["cue"]["end"]] == "قالَ"


def test_the_bad_among_good_files_are_told_and_left_out(world: World) -> None:
    said = command("extract", world.folder / "gone", world.article, world.folder, "--published", PUBLISHED)
    assert said.status == 0 and len(said.records) == 2
    assert [line.split(":")[0] for line in said.err.splitlines()] == ["skipped", "skipped"]


def test_only_bad_files_are_one_line(world: World) -> None:
    line = command("verify", world.folder / "gone", world.folder, "--workspace", world.workspace).one_line(2)
    assert "gone" in line and "1 more" in line


def test_an_article_that_claims_nothing(world: World) -> None:
    (world.folder / "talk.txt").write_text(
        "ما رأيك في هذا؟ اكتب لنا في التعليقات! شكرا لكم جميعا على المتابعة."
    )
    with pytest.raises(InputError, match=r"talk\.txt: no checkable claim was found"):
        world.verify(world.folder / "talk.txt")
    assert [line for (line,) in world.rows("SELECT line FROM failure")] == [
        f"{world.folder / 'talk.txt'}: no checkable claim was found in it"
    ]


def test_broken_lines_among_good_ones(world: World) -> None:
    rows = [
        json.dumps({"id": "third", "text": TEXT.replace("معان", "العقبة"), "published": PUBLISHED}),
        "{not json",
        json.dumps({"id": "silent"}),
        json.dumps(["a", "list"]),
        json.dumps({"id": "late", "text": TEXT, "published": "2024-13-40"}),
        "",
        json.dumps({"id": "first", "text": TEXT}, ensure_ascii=False),
        json.dumps({"id": "odd", "text": TEXT + "\ud800\0 وقال الوزير إن العمل بدأ في 2022."}),
    ]
    file = world.folder / "articles.jsonl"
    file.write_bytes("\n".join(rows).encode() + b'\n{"text": "\xff"}')
    finished = world.verify(file)
    assert finished.articles == 3 and finished.claims >= 6
    record = Store(world.workspace).read_run(finished.run)
    assert [one.article.name for one in record.articles] == ["third", "first", "odd"]
    assert all(one.verdicts.keys() == {claim.id for claim in one.claims} for one in record.articles)
    assert record.failures == finished.bad
    places = [int(line.removeprefix(f"{file} line ").partition(":")[0]) for line in finished.bad]
    assert places == [2, 3, 4, 5, 9]


def test_a_line_longer_than_allowed_is_not_held_in_memory(world: World) -> None:
    file = world.folder / "long.jsonl"
    with file.open("wb") as out:
        out.seek(50_000_000)
        out.write(b"\n" + json.dumps({"id": "good", "text": TEXT}).encode())
    said = command("extract", file)
    assert said.status == 0 and {r["article"] for r in said.records} == {"good"}
    assert "line 1: more than the 5,000,000 bytes allowed" in said.err


def test_lines_without_text_alone(world: World) -> None:
    (world.folder / "none.jsonl").write_text('{"id": 1}\n{"id": 2}\n')
    assert 'line 1: has no "text"' in command("extract", world.folder / "none.jsonl").one_line(2)


def test_articles_on_standard_input(world: World) -> None:
    row = json.dumps({"id": "from outside", "text": TEXT, "published": PUBLISHED}).encode()
    said = run(world.folder / "home", "extract", "-", "--excluded", input=row)
    assert said.status == 0 and [r["article"] for r in said.records] == ["from outside"] * 2
    assert run(world.folder / "home", "extract", "-", input=b"").one_line(2) == "no article was given"


@pytest.mark.parametrize("day", ["2024-13-40", "2024-02-30", "yesterday", "2024-10-12junk", "٢٠٢٤-١٠-١٢", ""])
@pytest.mark.parametrize("verb", ["verify", "extract"])
def test_a_day_that_does_not_exist(world: World, verb: str, day: str) -> None:
    said = command(verb, world.article, "--published", day, "--workspace", world.workspace)
    assert repr(day) in said.one_line(2)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2024-03-10T23:59:59+03:00"])
def test_days_at_the_edge_of_time(world: World, day: str) -> None:
    assert len(command("extract", world.article, "--published", day).records) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify"],
        ["verify", "x", "--nope"],
        ["nope"],
        ["verify", "x", "--lang", "fr"],
        ["replay", "x", "--port", "-1"],
    ],
)
def test_a_command_called_wrongly(arguments: list[str]) -> None:
    command(*arguments).one_line(2)


@pytest.mark.parametrize("given", ["max_claims=0", "max_claims=many", "no_such=1", "max_claims"])
def test_a_setting_that_cannot_be(world: World, given: str) -> None:
    for verb in (["settings"], ["verify", world.article]):
        said = command(*verb, "--set", given, "--workspace", world.workspace)
        assert given.partition("=")[0] in said.one_line(2)


@pytest.mark.parametrize(
    ("text", "named"),
    [("max_claims = [", "TOML"), ("no_such = 1", "no_such"), ('max_claims = "many"', "max_claims")],
)
def test_a_settings_file_that_cannot_be(world: World, text: str, named: str) -> None:
    world.workspace.mkdir()
    (world.workspace / "tabayyun.toml").write_text(text)
    for arguments in (["settings", "--workspace", world.workspace], world.arguments()):
        assert named in command(*arguments).one_line(2)


def test_settings_are_shown_with_what_is_in_force(world: World) -> None:
    world.workspace.mkdir()
    (world.workspace / "tabayyun.toml").write_text("max_claims = 7\nqueries_per_claim = 2\n")
    said = command("settings", "--workspace", world.workspace, "--set", "queries_per_claim=3")
    assert said.status == 0
    shown = dict(line.split("  # ")[0].split(" = ") for line in said.out.splitlines() if " = " in line[:40])
    assert (shown["max_claims"], shown["queries_per_claim"], shown["report_lang"]) == ("7", "3", '"ar"')


FOLDER = '[[source]]\nname = "a"\nkind = "folder"\npath = "."\n'
BAD_SOURCES = {
    "broken": ("a = [", "TOML"),
    "unknown kind": (FOLDER.replace("folder", "ftp"), "kind 'ftp' is not known; searxng"),
    "no address": ('[[source]]\nname = "a"\nkind = "searxng"', "url: Field required"),
    "no path": ('[[source]]\nname = "a"\nkind = "folder"', "path: Field required"),
    "path to nothing": (FOLDER.replace('"."', '"gone"'), "does not exist"),
    "no name": (FOLDER.replace('name = "a"', ""), "name"),
    "two of one name": (FOLDER * 2, "used twice"),
    "unknown field": (FOLDER + "bogus = 1", "bogus is not known"),
    "one bracket": ('[source]\nname = "a"', "double brackets"),
    "bad policy": ("[fetch]\ntimeout_s = -1", "timeout_s"),
    "unknown table": ("[cache]", "[cache]"),
    "other address": ('[[source]]\nname = "a"\nkind = "searxng"\nurl = "file:///etc"', "url"),
}


@pytest.mark.parametrize("kind", BAD_SOURCES)
def test_a_sources_file_that_cannot_be(world: World, kind: str) -> None:
    text, named = BAD_SOURCES[kind]
    world.sources.write_text(text)
    line = command(*world.arguments()).one_line(2)
    assert str(world.sources) in line and named in line
    assert not world.workspace.exists()


def test_a_sources_file_that_is_not_there(world: World) -> None:
    world.sources.unlink()
    assert command(*world.arguments()).one_line(2) == f"{world.sources}: no such sources file"
