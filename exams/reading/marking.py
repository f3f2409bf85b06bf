"""Where a marker would be drawn to light a run of a page's text, and nothing else.

Words stand in boxes as wide as their ink and as high as their type, so boxes of two
lines may overlap a little. A marked line gives way half of that, and never runs into
words beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exams.reading.document import Box, Word

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SAME_LINE = 0.5
_WIDEST_SPACE = 2.0
_LONG_WORD = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """A box as its line sees it: `first` to `last` along it, `head` to `foot` across.

    In points, so that "along" and "across" can be compared with each other.
    """

    first: float
    last: float
    head: float
    foot: float

    @property
    def high(self) -> float:
        return self.foot - self.head

    def around(self, other: Stretch) -> Stretch:
        return Stretch(
            min(self.first, other.first),
            max(self.last, other.last),
            min(self.head, other.head),
            max(self.foot, other.foot),
        )

    def shares_line(self, other: Stretch) -> bool:
        shared = min(self.foot, other.foot) - max(self.head, other.head)
        return shared > _SAME_LINE * min(self.high, other.high)

    def is_beside(self, other: Stretch) -> bool:
        """On one line with it, with no more than a wide space between the two."""
        gap = max(other.first - self.last, self.first - other.last)
        return self.shares_line(other) and gap <= _WIDEST_SPACE * max(
            self.high, other.high
        )


@dataclass(frozen=True, slots=True)
class Marker:
    """Marks on one page of `width` x `height` points."""

    text: str
    words: Sequence[Word]
    width: float
    height: float

    def boxes(self, start: int, end: int, margin: float) -> list[Box]:
        """One box per line of `text[start:end]`, wider by up to `margin` points."""
        sideways = self.is_sideways(start, end)
        marked: list[Stretch] = []
        others: list[Stretch] = []
        for word in self.words:
            stretch = self.stretch(word.box, sideways=sideways)
            if word.end <= start or word.start >= end:
                others.append(stretch)
                continue
            if not sideways:
                stretch = self.cut(word, stretch, start, end)
            if marked and marked[-1].is_beside(stretch):
                marked[-1] = marked[-1].around(stretch)
            else:
                marked.append(stretch)
        others += marked
        return [
            self.box(grown(line, others, margin), like=self.words[0].box, turn=sideways)
            for line in marked
        ]

    def is_sideways(self, start: int, end: int) -> bool:
        """Whether long words are higher than wide and none stands beside the next."""
        run = [word for word in self.words if word.end > start and word.start < end]
        boxes = [self.stretch(word.box, sideways=False) for word in run]
        if any(one.is_beside(other) for one, other in pairwise(boxes)):
            return False
        long = [
            box.high > box.last - box.first
            for word, box in zip(run, boxes, strict=True)
            if word.end - word.start >= _LONG_WORD
        ]
        return 2 * sum(long) > len(long)

    def cut(self, word: Word, box: Stretch, start: int, end: int) -> Stretch:
        """The part of a word that is in the run, as if its letters were equal."""
        letters, long = word.end - word.start, box.last - box.first
        before = long * max(start - word.start, 0) / letters
        after = long * max(word.end - end, 0) / letters
        if RIGHT_TO_LEFT.search(self.text, word.start, word.end):
            before, after = after, before
        return replace(box, first=box.first + before, last=box.last - after)

    def stretch(self, box: Box, *, sideways: bool) -> Stretch:
        left, right = box.left * self.width, box.right * self.width
        top, bottom = box.top * self.height, box.bottom * self.height
        if sideways:
            return Stretch(top, bottom, left, right)
        return Stretch(left, right, top, bottom)

    def box(self, line: Stretch, *, like: Box, turn: bool) -> Box:
        left, right, top, bottom = line.first, line.last, line.head, line.foot
        if turn:
            left, right, top, bottom = top, bottom, left, right
        return replace(
            like,
            left=max(left / self.width, 0.0),
            top=max(top / self.height, 0.0),
            right=min(right / self.width, 1.0),
            bottom=min(bottom / self.height, 1.0),
        )


def grown(line: Stretch, others: Iterable[Stretch], margin: float) -> Stretch:
    """The line with a margin, which gives way where something else is near."""
    first, last = line.first - margin, line.last + margin
    head, foot = line.head - margin, line.foot + margin
    for other in others:
        if other is line:
            continue
        if line.shares_line(other):
            if other.first >= line.last:
                last = min(last, (line.last + other.first) / 2)
            elif other.last <= line.first:
                first = max(first, (line.first + other.last) / 2)
        elif other.first < line.last and other.last > line.first:
            if other.head + other.foot > line.head + line.foot:
                foot = min(foot, (line.foot + other.head) / 2)
            else:
                head = max(head, (line.head + other.foot) / 2)
    return Stretch(first, last, head, foot)
