"""Numbers of footnotes, which are of the page and not of the sentence they stand in.

Left where they are, they would stick to words ("small enough.1") and be quoted. A
raised number is one only if a note with that number stands on the page: others are
powers, and those mean something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from exams.reading.lines import Line
from exams.reading.tokens import Token

_SMALLER = 0.8
_MOST_DIGITS = 3


def without_note_marks(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines without the numbers of notes, and these numbers as lines apart."""
    numbers = {line.tokens[0].text for line in lines if _begins_note(line)}
    if not numbers:
        return list(lines), []
    kept: list[Line] = []
    marks: list[Line] = []
    for line in lines:
        if _begins_note(line):
            number, first, *rest = line.tokens
            kept.append(replace(line, tokens=(number, replace(first, gap=" "), *rest)))
            continue
        spots = {
            spot
            for spot in range(1, len(line.tokens))
            if line.tokens[spot].text in numbers
            and _is_raised(line.tokens[spot], line.tokens[spot - 1], line.tokens[spot])
        }
        marks += [Line((line.tokens[spot],)) for spot in sorted(spots)]
        tokens = [t for spot, t in enumerate(line.tokens) if spot not in spots]
        kept.append(replace(line, tokens=tuple(tokens)) if spots else line)
    return kept, marks


def _begins_note(line: Line) -> bool:
    if len(line.tokens) < 2:  # noqa: PLR2004 - a number and a word
        return False
    number, word = line.tokens[:2]
    return _is_raised(number, word, word)


def _is_raised(number: Token, word: Token, second: Token) -> bool:
    """A small number that touches the word before or after it, and stands higher.

    `second` is the later one of the two, which knows what is between them.
    """
    return (
        number.text.isdecimal()
        and len(number.text) <= _MOST_DIGITS
        and second.gap == "+"
        and number.size <= _SMALLER * word.size
        and number.laid.middle < word.laid.middle
    )
