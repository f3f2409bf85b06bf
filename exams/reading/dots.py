"""Marks of list items that are drawn, not written. Runs in the child only.

A browser that prints slides draws the dot before an item as a small shape, and office
programs set little pictures: no letter says then that an item begins.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from exams.reading.surface import Bounds

# Shares of the type size: how large a dot may be, how far it may stand from its item
# and from the middle of its line.
_SMALLEST, _LARGEST = 0.15, 0.8
_APART, _BESIDE = 2.5, 0.35
_ROUND = 1.5
_MOST_DOTS = 2_000


class Dots:
    """The small shapes of a page that are about as wide as high, from top to bottom."""

    def __init__(self, shapes: Iterable[Bounds]) -> None:
        dots = [box for box in shapes if _is_round(box)][:_MOST_DOTS]
        self.boxes = sorted(dots, key=_middle)

    def before(self, word: Bounds, size: float, *, leftwards: bool) -> Bounds | None:
        """The mark of the item that begins with this word, if there is one."""
        middle, reach = _middle(word), _BESIDE * size
        first = bisect_left(self.boxes, middle - reach, key=_middle)
        last = bisect_right(self.boxes, middle + reach, key=_middle)
        near = [
            (apart, box)
            for box in self.boxes[first:last]
            if _SMALLEST * size <= box[3] - box[1] <= _LARGEST * size
            and 0 <= (apart := _apart(box, word, leftwards=leftwards)) <= _APART * size
        ]
        return min(near)[1] if near else None


def _is_round(box: Bounds) -> bool:
    wide, high = box[2] - box[0], box[3] - box[1]
    return 0 < wide <= _ROUND * high <= _ROUND * _ROUND * wide


def _middle(box: Bounds) -> float:
    return (box[1] + box[3]) / 2


def _apart(dot: Bounds, word: Bounds, *, leftwards: bool) -> float:
    return dot[0] - word[2] if leftwards else word[0] - dot[2]
