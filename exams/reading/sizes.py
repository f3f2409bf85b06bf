"""What is large in this document: the size of its text, and of each heading level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from exams.reading.lines import Line, heaviest

LARGE = 1.12
_LEVELS = 6
_HEADING_WORDS = 16
_SENTENCE_ENDS = (".", ";", ",")


@dataclass(frozen=True, slots=True)
class Sizes:
    """`headings` are the sizes of headings, largest first."""

    body: float
    headings: tuple[float, ...] = ()

    def level(self, size: float) -> int:
        """1 for the largest headings; one more than all sizes for bold text."""
        larger = sum(heading > size + 0.25 for heading in self.headings)
        return min(larger + 1, _LEVELS)


def sizes_of(lines: Iterable[Line]) -> Sizes:
    lines = list(lines)
    body = heaviest(
        (round(size * 2) / 2, letters)
        for line in lines
        for size, letters in line.letters_by_size.items()
    )
    counted = Counter(
        round(line.size * 2) / 2
        for line in lines
        if line.size >= LARGE * body and may_be_heading(line)
    )
    return Sizes(body or 10.0, tuple(sorted(counted, reverse=True)[:_LEVELS]))


def may_be_heading(line: Line) -> bool:
    """By its words alone: short, with letters, and not the end of a sentence."""
    if line.row or not 1 <= len(line.tokens) <= _HEADING_WORDS:
        return False
    letters = sum(character.isalpha() for character in line.text)
    return letters >= 2 and not line.text.endswith(_SENTENCE_ENDS)  # noqa: PLR2004
