"""Tokens to lines: what stands side by side and is read in one go."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from exams.reading.tokens import Rect, Token

# One mark, or a short number or letter with a full stop or bracket, and nothing else.
_MARKS = (
    "\u2022\u2023\u2043\u25aa\u25ab\u25a0\u25a1\u25cf\u25cb\u25e6\u25c6\u25c7"
    "\u25ba\u25b6\u25b8\u25b9\u27a2\u27a4\u2794\u2192\u21d2\u2756\u2713\u2714"
    "\u2717\u2718\u2605\u2606\u2219\u00b7\u2013\u2014*\u00bb\u203a\u29be\u2b24-"
)
BULLET_MARK = re.compile(
    rf"^(?:[{_MARKS}]|\(?(?:\d{{1,2}}|[a-zA-Z]|[ivxIVX]{{2,4}})[.)])$"
)
DOT = "\u2022"
# Cleaning removes soft hyphens, so this one can only come from a broken word.
OPEN_HYPHEN = "\u00ad"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WIDE = 1.8
_NARROW = 0.12
_MARK_REACH = 5.0
_SAME_ROW = 0.4
_MOST_NEIGHBOURS = 200
_FIXED_SHARE = 0.8


@dataclass(frozen=True)
class Line:
    """Tokens of one line or table cell; the first token's `gap` does not count.

    `row` marks the cells of one row of a table, joined.
    """

    tokens: tuple[Token, ...]
    row: bool = False

    @cached_property
    def rect(self) -> Rect:
        rects = [token.laid for token in self.tokens]
        return Rect(
            min(rect.left for rect in rects),
            min(rect.top for rect in rects),
            max(rect.right for rect in rects),
            max(rect.bottom for rect in rects),
        )

    @cached_property
    def text(self) -> str:
        return "".join(
            (_glue(token) if index else "") + token.text
            for index, token in enumerate(self.tokens)
        )

    @cached_property
    def size(self) -> float:
        return heaviest(self.letters_by_size.items())

    @cached_property
    def letters_by_size(self) -> dict[float, int]:
        letters: dict[float, int] = {}
        for token in self.tokens:
            letters[token.size] = letters.get(token.size, 0) + len(token.text)
        return letters

    @cached_property
    def bold(self) -> bool:
        return all(token.bold for token in self.tokens)

    @cached_property
    def fixed(self) -> bool:
        letters = sum(len(token.text) for token in self.tokens)
        fixed = sum(len(token.text) for token in self.tokens if token.fixed)
        return fixed >= _FIXED_SHARE * letters

    @cached_property
    def marked(self) -> bool:
        """Whether it begins with the mark of a list item, and has more than that."""
        return len(self.tokens) > 1 and bool(BULLET_MARK.match(self.tokens[0].text))

    @property
    def only_mark(self) -> bool:
        return len(self.tokens) == 1 and bool(BULLET_MARK.match(self.tokens[0].text))

    @cached_property
    def right_to_left(self) -> bool:
        return bool(_RIGHT_TO_LEFT.search(self.text))


def _glue(token: Token) -> str:
    if token.gap == "-":
        return "-"
    return "" if token.gap == "+" else " "


def heaviest(weights: Iterable[tuple[float, int]]) -> float:
    """The value that most characters have."""
    votes: dict[float, int] = {}
    for value, weight in weights:
        votes[value] = votes.get(value, 0) + weight
    return max(votes, key=lambda value: (votes[value], value), default=0.0)


def lines_of(tokens: Sequence[Token]) -> list[Line]:
    """Lines in the order of the file, cut at wide gaps and joined to their marks."""
    runs: list[list[Token]] = []
    for token in tokens:
        if runs and _goes_on(runs[-1], token):
            runs[-1].append(_spaced(runs[-1][-1], token))
            continue
        if runs and token.gap == "-":
            # The hyphen stands at the end of the line before; whether it is part of
            # the word is decided where the text is put together.
            last = runs[-1][-1]
            runs[-1][-1] = replace(last, text=last.text + OPEN_HYPHEN)
        runs.append([token])
    return _joined_to_marks([Line(tuple(run)) for run in runs])


def _goes_on(run: list[Token], token: Token) -> bool:
    last = run[-1]
    if not same_row(last.laid, token.laid):
        return False
    if token.gap == "<":
        return True
    size = max(last.size, token.size)
    gap = _distance(last, token)
    if token.gap == "\n":
        # A raised index or a change of font may look like a new line to PDFium.
        return -0.3 * size <= gap <= size
    return gap <= _WIDE * size and gap >= -_WIDE * size


def _spaced(last: Token, token: Token) -> Token:
    if token.gap == "<":
        return replace(token, gap=" ")
    if token.gap != "\n":
        return token
    close = _distance(last, token) < _NARROW * max(last.size, token.size)
    return replace(token, gap="+" if close else " ")


def _distance(last: Token, token: Token) -> float:
    if _RIGHT_TO_LEFT.search(last.text) or _RIGHT_TO_LEFT.search(token.text):
        # Within right-to-left text, numbers and Latin words run the other way.
        return max(token.laid.left - last.laid.right, last.laid.left - token.laid.right)
    return token.laid.left - last.laid.right


def same_row(one: Rect, other: Rect) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > _SAME_ROW * min(one.height, other.height)


def _joined_to_marks(lines: list[Line]) -> list[Line]:
    """A bullet set apart from its text by a tab becomes one line with it."""
    marks = [line for line in lines if line.only_mark]
    others = [line for line in lines if not line.only_mark]
    if not marks or not others:
        return lines
    others.sort(key=_middle)
    tallest = max(line.rect.height for line in lines)
    mark_of: dict[int, Line] = {}
    for mark in marks:
        low = bisect_left(others, mark.rect.middle - tallest, key=_middle)
        high = bisect_right(others, mark.rect.middle + tallest, key=_middle)
        target = min(
            (
                line
                for line in others[low : min(high, low + _MOST_NEIGHBOURS)]
                if id(line) not in mark_of and _labels(mark, line)
            ),
            key=lambda line, mark=mark: abs(line.rect.left - mark.rect.right),  # type: ignore[misc]
            default=None,
        )
        if target is not None:
            mark_of[id(target)] = mark
    used = {id(mark) for mark in mark_of.values()}
    return [
        side_by_side(mark_of[id(line)], line) if id(line) in mark_of else line
        for line in lines
        if id(line) not in used
    ]


def side_by_side(one: Line, other: Line, *, row: bool = False) -> Line:
    first, *rest = other.tokens
    return Line((*one.tokens, replace(first, gap=" "), *rest), row=row)


def _middle(line: Line) -> float:
    return line.rect.middle


def _labels(mark: Line, line: Line) -> bool:
    if not same_row(mark.rect, line.rect):
        return False
    gap = (
        mark.rect.left - line.rect.right
        if line.right_to_left
        else line.rect.left - mark.rect.right
    )
    return 0 <= gap <= _MARK_REACH * max(line.size, mark.size)
