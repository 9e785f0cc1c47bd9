"""Who it rests on: pages, the agencies they credit and the speakers behind them, laid out as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from claims.model import Stance
from claims.report.evidence import Origin
from claims.report.pages import host

ROW = 34  # height of a row of pages
WIDTH, BOX = 960, 250  # of the picture and of a box in it
_MOST = 24  # pages shown
_LETTERS = 30


@dataclass(frozen=True, slots=True)
class Box:
    """A page, an agency or whoever stands behind them; `x` and `y` are the corner where it begins."""

    x: int
    y: int
    text: str
    kind: str  # page, agency, origin
    stance: Stance
    interested: bool


@dataclass(frozen=True, slots=True)
class Line:
    """From a page or an agency to what it rests on."""

    x1: int
    y1: int
    x2: int
    y2: int
    stance: Stance


@dataclass(frozen=True, slots=True)
class Picture:
    """The boxes and lines, and how many pages did not fit."""

    width: int
    height: int
    box: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int


def picture(origins: Sequence[Origin]) -> Picture | None:
    """Pages at the start, origins at the end, agencies between them; None where there is nothing to join.

    Pages of one origin stand together, so lines never cross.
    """
    boxes: list[Box] = []
    lines: list[Line] = []
    row = left_out = 0
    middle = (WIDTH - BOX) // 2
    for origin in origins:
        pages = list({quote.capture.id: quote for quote in origin.quotes}.values())
        shown = pages[: max(0, _MOST - row)]
        left_out += len(pages) - len(shown)
        if not shown:
            continue
        begin = row
        agencies: dict[str, list[int]] = {}
        for quote in shown:
            y = row * ROW
            name = quote.item.outlet or host(quote.item.url)
            boxes.append(Box(0, y, _short(name), "page", origin.stance, quote.item.interested))
            between = quote.item.origin_chain[1:-1]
            agencies.setdefault(between[-1] if between else "", []).append(y)
            row += 1
        end_y = _centre(range(begin * ROW, row * ROW, ROW))
        boxes.append(
            Box(WIDTH - BOX, end_y, _short(origin.way[-1]), "origin", origin.stance, origin.interested)
        )
        for agency, ys in agencies.items():
            half = ROW // 2
            if not agency:
                lines += [Line(BOX, y + half, WIDTH - BOX, end_y + half, origin.stance) for y in ys]
                continue
            at = _centre(ys)
            boxes.append(Box(middle, at, _short(agency), "agency", origin.stance, False))
            lines += [Line(BOX, y + half, middle, at + half, origin.stance) for y in ys]
            lines.append(Line(middle + BOX, at + half, WIDTH - BOX, end_y + half, origin.stance))
    if not boxes:
        return None
    return Picture(WIDTH, row * ROW, BOX, tuple(boxes), tuple(lines), left_out)


def _centre(ys: Sequence[int]) -> int:
    return (ys[0] + ys[-1]) // 2


def _short(text: str) -> str:
    return shorten(text, _LETTERS, placeholder="…") or text[:_LETTERS]
