"""The order in which a person reads the lines of a page.

PDF files list text in the order in which it was drawn. For pages of prose that order
is nearly always right and knows more than geometry does; for slides it is not (titles
come last, text boxes in the order of editing), so those are cut into regions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from exams.reading.lines import Line, same_row, side_by_side
from exams.reading.tables import rows_of

_GUTTER = 0.015
_BAND = 0.012
_DEEPEST = 12
_MOST_LINES = 2_000
_UPWARD_ALLOWED = 3
_UPWARD_SHARE = 0.1
_SIDE_BY_SIDE_ALLOWED = 2
_LONG_WORDS = 4
_FAR_BELOW = 4.0

Span = tuple[float, float]


def reading_order(
    lines: Sequence[Line], width: float, height: float, *, drawn_order: bool
) -> list[Line]:
    """`drawn_order` says that the order of the file deserves trust (prose)."""
    if len(lines) > _MOST_LINES or (drawn_order and is_plausible(lines)):
        return list(lines)
    leftwards = sum(line.right_to_left for line in lines) > len(lines) / 2
    cutter = _Cutter(_GUTTER * width, _BAND * height, leftwards=leftwards)
    return cutter.ordered(list(lines), 0)


def is_plausible(lines: Sequence[Line]) -> bool:
    """Whether the lines run downwards, but for the few jumps that columns need."""
    upward = across = 0
    for one, other in pairwise(lines):
        if same_row(one.rect, other.rect):
            long = min(len(one.tokens), len(other.tokens)) >= _LONG_WORDS
            across += long
        elif other.rect.middle < one.rect.middle:
            upward += 1
    allowed = _UPWARD_ALLOWED + _UPWARD_SHARE * len(lines)
    return upward <= allowed and across <= _SIDE_BY_SIDE_ALLOWED


def _top(lines: Sequence[Line]) -> float:
    return min(line.rect.top for line in lines)


def _bottom(lines: Sequence[Line]) -> float:
    return max(line.rect.bottom for line in lines)


class _Cutter:
    def __init__(self, gutter: float, band: float, *, leftwards: bool) -> None:
        self.gutter = gutter
        self.band = band
        self.leftwards = leftwards

    def ordered(self, lines: list[Line], depth: int) -> list[Line]:
        if len(lines) <= 1 or depth >= _DEEPEST:
            return self.row_by_row(lines)
        bands = self.bands(lines)
        result: list[Line] = []
        for group, spans in self.groups(bands):
            columns = self.columns(group, spans)
            if len(columns) > 1:
                for column in columns:
                    result += self.ordered(column, depth + 1)
            elif len(bands) > 1:
                result += self.ordered(group, depth + 1)
            else:
                result += self.row_by_row(group)
        return result

    def bands(self, lines: list[Line]) -> list[list[Line]]:
        """Groups of lines with white right across between them."""
        bands: list[list[Line]] = []
        bottom = 0.0
        for line in sorted(lines, key=lambda line: line.rect.top):
            if bands and line.rect.top - bottom < self.band:
                bands[-1].append(line)
                bottom = max(bottom, line.rect.bottom)
            else:
                bands.append([line])
                bottom = line.rect.bottom
        return bands

    def groups(self, bands: list[list[Line]]) -> list[tuple[list[Line], list[Span]]]:
        """Bands that keep clear of one gutter belong together: they are columns."""
        groups: list[tuple[list[Line], list[Span]]] = []
        loosest = 0.0
        for band in bands:
            spans = self.spans([(line.rect.left, line.rect.right) for line in band])
            if groups and len(groups[-1][1]) > 1:
                gap = _top(band) - _bottom(groups[-1][0])
                together = self.spans([*groups[-1][1], *spans])
                if len(together) > 1 and not self.stands_off(band, spans, gap, loosest):
                    groups[-1] = ([*groups[-1][0], *band], together)
                    loosest = max(loosest, gap)
                    continue
            groups.append((band, spans))
            loosest = 0.0
        return groups

    def stands_off(
        self, band: list[Line], spans: list[Span], gap: float, loosest: float
    ) -> bool:
        """A line far below columns is no part of the one that it happens to be under."""
        size = max(line.size for line in band)
        return len(spans) == 1 and gap > max(_FAR_BELOW * size, 2 * loosest)

    def spans(self, parts: list[Span]) -> list[Span]:
        """Stretches of the width that hold ink, with gutters between them."""
        merged: list[Span] = []
        for left, right in sorted(parts):
            if merged and left - merged[-1][1] < self.gutter:
                merged[-1] = (merged[-1][0], max(merged[-1][1], right))
            else:
                merged.append((left, right))
        return merged

    def columns(self, lines: list[Line], spans: list[Span]) -> list[list[Line]]:
        columns = [
            [line for line in lines if left <= line.rect.left <= right]
            for left, right in spans
        ]
        return columns[::-1] if self.leftwards else columns

    def row_by_row(self, lines: list[Line]) -> list[Line]:
        result: list[Line] = []
        for row in rows_of(lines):
            if self.leftwards:
                row.reverse()
            whole = [row[0]]
            for line in row[1:]:
                if self.is_continued(whole[-1], line):
                    whole[-1] = side_by_side(whole[-1], line)
                else:
                    whole.append(line)
            result += whole
        return result

    def is_continued(self, one: Line, other: Line) -> bool:
        """Parts of one line that the file drew far apart in time."""
        if one.row or other.row or other.marked:
            return False
        gap = (
            one.rect.left - other.rect.right
            if self.leftwards
            else other.rect.left - one.rect.right
        )
        return -0.2 * one.size <= gap <= one.size
