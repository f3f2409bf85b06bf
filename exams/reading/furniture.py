"""Running heads, footers and page numbers: on the page, but not of the lecture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from heapq import nlargest, nsmallest
from itertools import accumulate

from exams.reading.lines import Line

TOP, BOTTOM = 0.14, 0.88
_SHARE = 0.5
_SHARE_AT_ONE_PLACE = 0.34
_NUMBER_SHARE = 0.3
_FEWEST_PAGES = 3
_LARGE = 1.12
_PLACES = 50
# Two pages prove little: plain type at the same place on both of them.
_PAIR = 2
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|p\.|pg\.?|slide|seite|folie|página|pág\.?|pagina|stranica)?\s*"
    r"(\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von|de|di|van|\|)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)


def furniture(
    pages: Sequence[Sequence[Line]],
    heights: Sequence[float],
    *,
    counted: Sequence[bool],
    body: float,
) -> list[set[int]]:
    """For each page the places of its lines that are furniture.

    Only `counted` pages vote, so that a slide printed ten times over does not make
    its own title a running head.
    """
    edges = [
        _edge_lines(lines, height) for lines, height in zip(pages, heights, strict=True)
    ]
    counted = [bool(vote and lines) for vote, lines in zip(counted, pages, strict=True)]
    total = sum(counted)
    texts: Counter[str] = Counter()
    spots: Counter[tuple[str, int]] = Counter()
    unchanged: Counter[tuple[str, int]] = Counter()
    for lines, height, vote in zip(edges, heights, counted, strict=True):
        if vote:
            texts.update({shape_of(line) for _, line in lines})
            spots.update({_spot(line, height) for _, line in lines})
            unchanged.update({(line.text, _spot(line, height)[1]) for _, line in lines})
    steps = _steps(edges, pages)

    def is_furniture(line: Line, height: float, place: int) -> bool:
        shape = shape_of(line)
        if _PAGE_NUMBER.match(line.text):
            enough = texts[shape] >= max(_FEWEST_PAGES, _NUMBER_SHARE * total)
            number = _number(line)
            counts_pages = number is not None and number - place in steps
            # A year in the running head never changes.
            same = unchanged[line.text, _spot(line, height)[1]]
            return enough or counts_pages or same >= max(_PAIR, _SHARE * total)
        if line.size > _LARGE * body:
            return False
        if total == _PAIR and line.size <= body and not line.bold:
            return spots[_spot(line, height)] == _PAIR
        return texts[shape] >= max(_FEWEST_PAGES, _SHARE * total) or (
            spots[_spot(line, height)]
            >= max(_FEWEST_PAGES, _SHARE_AT_ONE_PLACE * total)
        )

    places = _places(pages)
    return [
        {spot for spot, line in lines if is_furniture(line, height, place)}
        for lines, height, place in zip(edges, heights, places, strict=True)
    ]


def _edge_lines(lines: Sequence[Line], height: float) -> list[tuple[int, Line]]:
    outer = _outer_numbers(lines)
    return [
        (spot, line)
        for spot, line in enumerate(lines)
        if id(line) in outer or is_at_edge(line, height)
    ]


def _places(pages: Sequence[Sequence[Line]]) -> list[int]:
    """Each page's place among the pages that have text."""
    return [count - 1 for count in accumulate(bool(lines) for lines in pages)]


def _number(line: Line) -> int | None:
    match = _PAGE_NUMBER.match(line.text)
    if match is None or not match.group(1).isdecimal():
        return None
    return int(match.group(1))


def _steps(
    edges: Sequence[Sequence[tuple[int, Line]]], pages: Sequence[Sequence[Line]]
) -> set[int]:
    """What to add to a page's place to get its number, if all pages agree.

    That makes out page numbers even where two pages are all there is.
    """
    common: set[int] | None = None
    for lines, page, place in zip(edges, pages, _places(pages), strict=True):
        if page:
            numbers = {_number(line) for _, line in lines} - {None}
            steps = {number - place for number in numbers if number is not None}
            common = steps if common is None else common & steps
    return common or set()


def is_at_edge(line: Line, height: float) -> bool:
    return line.rect.bottom <= TOP * height or line.rect.top >= BOTTOM * height


def _outer_numbers(lines: Sequence[Line]) -> set[int]:
    """A page number above or below all else, however wide the margins are."""
    if len(lines) < 2:  # noqa: PLR2004 - nothing else to be outside of
        return set()
    highest, second = nsmallest(2, lines, key=lambda line: line.rect.bottom)
    lowest, next_lowest = nlargest(2, lines, key=lambda line: line.rect.top)
    found: set[int] = set()
    if highest.rect.bottom <= second.rect.top and _PAGE_NUMBER.match(highest.text):
        found.add(id(highest))
    if lowest.rect.top >= next_lowest.rect.bottom and _PAGE_NUMBER.match(lowest.text):
        found.add(id(lowest))
    return found


def shape_of(line: Line) -> str:
    return _DIGITS.sub("#", line.text.casefold())


def _spot(line: Line, height: float) -> tuple[str, int]:
    return shape_of(line), round(line.rect.middle / height * _PLACES)
