"""The trained reader of English attributions: what it finds, that offsets are exact, and that no text is slow."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import ConfigError
from claims.extract.quote_features import read_tokens
from claims.extract.quote_tagger import WEIGHTS_FILE, read_weights, tag, write_weights
from claims.extract.quotes import find_quotes
from claims.extract.train_quotes import main as train

PIECES = [
    "he said", "The minister said", "according to", "that", "“", "”", '"', "''", "’s", ",", ".", "\n\n", " ", "\0",
    "نفى", "ـ", "َ", "\u200f", "\u2067", "😀", "👩\u200d🔬", "İ", "ﬁ", "ß", "e\u0301", "\ud800", "claims", "He denied it.",
]  # fmt: skip


def read(text: str) -> list[tuple[str | None, str, str]]:
    def at(span: dict[str, int] | None) -> str | None:
        return text[span["start"] : span["end"]] if span else None

    return [(at(q["source"]), at(q["cue"]) or "", at(q["content"]) or "") for q in find_quotes(text, "en")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The mayor of London said on Tuesday that the bridge would reopen.",
            ("The mayor of London", "said", "the bridge would reopen"),
        ),
        ("“The bridge will reopen,” the mayor said.", ("the mayor", "said", "The bridge will reopen")),
        ("According to the ministry, two men were arrested.", ("ministry", "According to", "two men were")),
        ("Two men were arrested, according to the ministry.", ("ministry", "according to", "Two men were")),
        ("The bank insisted that prices had fallen.", ("The bank", "insisted", "prices had fallen")),
    ],
)
def test_source_cue_and_content(text: str, expected: tuple[str, str, str]) -> None:
    found = read(text)
    assert len(found) == 1
    for got, part in zip(found[0], expected, strict=True):
        assert got is not None and part in got


def test_a_pronoun_is_a_source() -> None:
    assert [source for source, _, _ in read("She said that the road was closed.")] == ["She"]


def test_a_quotation_goes_on_after_its_speaker() -> None:
    text = "“The bridge will reopen,” she said. “We are proud of it.”"
    [(source, _, content)] = read(text)
    assert source == "she"
    assert content.endswith("“We are proud of it.”")


def test_two_speakers_in_one_sentence() -> None:
    found = read("The bank claims that prices fell, but analysts say they rose.")
    assert [(source, cue) for source, cue, _ in found] == [("The bank", "claims"), ("analysts", "say")]


def test_the_mode_is_that_of_the_cue() -> None:
    found = find_quotes("Israel accused the group of firing rockets. The group denied the charge.", "en")
    assert [quote["mode"] for quote in found] == ["accuses", "denies"]


def test_what_the_outlet_itself_says_is_no_quote() -> None:
    assert read("It rained in the north. The bridge was built in 1932.") == []


@pytest.mark.parametrize("text", ["", " \n", "\0", "a", '"', "\u200f" * 20, "said", "“said”", "\ud800"])
def test_texts_of_nothing(text: str) -> None:
    assert all(0 <= found.content[0] < found.content[1] <= len(text) for found in tag(text))


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30).map(" ".join))
def test_offsets_are_exact_on_any_text(text: str) -> None:
    tokens = read_tokens(text)
    ends = np.concatenate([[0], tokens.end])
    assert (ends[:-1] <= tokens.start).all() and (tokens.start < tokens.end).all()
    starts, stops = set(tokens.start.tolist()), set(tokens.end.tolist())
    for quote in find_quotes(text, "en"):
        spans = [quote[name] for name in ("source", "cue", "content") if quote[name]]
        assert all(span["start"] in starts and span["end"] in stops for span in spans)
        assert all(0 <= span["start"] < span["end"] <= len(text) for span in spans)


@given(st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join))
def test_offsets_move_with_the_text(text: str) -> None:
    """A paragraph without a quote before the text changes where quotes stand, never to other words."""
    before = "It rained.\n\n"
    for found in tag(before + text):
        assert found.cue[0] >= len(before)


@pytest.mark.parametrize(
    "piece",
    ["said ", "He said it. ", '"', "“", "He said \"it.\" ", "he said that, she says ", "' ", "a b ", "he said\n", "!?"],
)  # fmt: skip
def test_time_grows_with_the_text_alone(piece: str) -> None:
    read_weights(WEIGHTS_FILE)
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    find_quotes(text, "en")
    assert time.process_time() - began < 1.5  # 0.4 at most where nothing else runs


def test_weights_are_small_plain_and_checked(tmp_path: Path) -> None:
    assert WEIGHTS_FILE.stat().st_size < 2_000_000
    again = tmp_path / "again.npz"
    write_weights(again, read_weights(WEIGHTS_FILE))
    kept, copied = read_weights(WEIGHTS_FILE), read_weights(again)
    assert np.array_equal(kept.cue, copied.cue) and np.array_equal(kept.border, copied.border)
    assert kept.cut == copied.cut
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(again.read_bytes()[:1000])
    with pytest.raises(ConfigError, match="train_quotes"):
        read_weights(damaged)
    with pytest.raises(ConfigError, match="train_quotes"):
        read_weights(tmp_path / "missing.npz")


def rows(names: list[str], verbs: list[str]) -> list[dict[str, Any]]:
    """Annotated rows of the shape that training reads."""
    found = []
    for name in names:
        text, attributions = "", []
        for verb in verbs:
            source, content = (len(text), len(text) + len(name)), f"the road to {name} was closed"
            cue = (source[1] + 1, source[1] + 1 + len(verb))
            attributions.append(
                {
                    "source": [{"start": source[0], "end": source[1]}],
                    "cue": [{"start": cue[0], "end": cue[1]}],
                    "content": [{"start": cue[1] + 1, "end": cue[1] + 1 + len(content)}],
                }
            )
            text += f"{name} {verb} {content}. It rained all day near the old bridge.\n\n"
        found.append({"id": name, "text": text, "attributions": attributions})
    return found


def test_training_is_repeatable_and_learns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verbs = ["said", "claimed", "argued", "noted"]
    for part, names in (
        ("train", ["Ada", "Bea", "Cyd", "Dov", "Eli", "Fay", "Gus", "Hal"]),
        ("dev", ["Ida", "Jon"]),
    ):
        with gzip.open(tmp_path / f"polnear_{part}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in rows(names, verbs))
    written = []
    for name in ("one.npz", "two.npz"):
        train([str(tmp_path), "--out", str(tmp_path / name)])
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert "F1 1.000" in capsys.readouterr().out


def test_training_without_rows_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="polnear_train"):
        train([str(tmp_path)])
