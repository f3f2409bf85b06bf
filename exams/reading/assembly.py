"""Drafts to a page: one text, blocks that cover it, and a box for every word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from exams.reading.document import Block, Box, Role, Word
from exams.reading.drafts import Draft
from exams.reading.hyphens import is_broken, keeps_hyphen
from exams.reading.lines import OPEN_HYPHEN, Line
from exams.reading.tokens import Token

_UNSPACED = re.compile(
    "[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"
)
_DEEPEST_INDENT = 40
_NARROWEST = 0.5
# Their lines stand for themselves: joined by spaces they would lose their meaning.
_BY_LINE = frozenset({Role.CODE, Role.TABLE})


class Assembly:
    """Writes text from left to right and remembers where each word went."""

    def __init__(self, width: float, height: float, vocabulary: frozenset[str]) -> None:
        self.width = width
        self.height = height
        self.vocabulary = vocabulary
        self.parts: list[str] = []
        self.bold: list[tuple[int, int]] = []
        self.length = 0
        self.words: list[Word] = []
        self.blocks: list[Block] = []
        self.pitch = 0.0

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def add(self, draft: Draft) -> None:
        if self.length:
            self.write("\n")
        tokens = [list(line.tokens) for line in draft.lines]
        if draft.marked:
            # The mark is in the text, for whoever reads it, but not in the block:
            # a sentence cited from a list must not begin with a bullet.
            self.put(tokens[0].pop(0))
            self.write(" ")
        start = self.length
        self.bold = []
        self.pitch = _pitch(draft.lines) if draft.role is Role.CODE else 0.0
        margin = min(line[0].laid.left for line in tokens)
        for index, line in enumerate(tokens):
            if index and draft.role in _BY_LINE:
                self.write("\n")
            if self.pitch:
                self.write(" " * self.columns(line[0].laid.left - margin))
            following = tokens[index + 1][0] if index + 1 < len(tokens) else None
            self.put_line(line, following, by_line=draft.role in _BY_LINE)
        self.blocks.append(
            Block(
                order=len(self.blocks),
                role=draft.role,
                start=start,
                end=self.length,
                level=draft.level,
                size=draft.size,
                bold=tuple(self.bold),
            )
        )

    def put_line(
        self, tokens: list[Token], following: Token | None, *, by_line: bool
    ) -> None:
        for index, token in enumerate(tokens):
            if index and token.gap == " ":
                apart = token.laid.left - tokens[index - 1].laid.right
                self.write(" " * max(self.columns(apart), 1))
            following_here = tokens[index + 1] if index + 1 < len(tokens) else None
            if following_here is not None:
                # A hyphen that PDFium took for a line's end, though the line goes on.
                hyphen = "-" if following_here.gap == "-" else ""
                self.put(token, token.text.rstrip(OPEN_HYPHEN) + hyphen)
            elif following is None or by_line:
                self.put(token, token.text.replace(OPEN_HYPHEN, "-"))
            else:
                self.put_last(token, following)

    def columns(self, width: float) -> int:
        """How many letters of a listing are as wide as that; 0 in any other text."""
        if not self.pitch or width <= 0:
            return 0
        return min(round(width / self.pitch), _DEEPEST_INDENT)

    def put_last(self, token: Token, following: Token) -> None:
        """The last word of a line, and what joins it to the next line."""
        text = token.text
        if is_broken(text, following.text):
            if keeps_hyphen(text, following.text, self.vocabulary):
                self.put(token, text.replace(OPEN_HYPHEN, "-"))
            else:
                self.put(token, text[:-1])
            return
        self.put(token, text.replace(OPEN_HYPHEN, "-"))
        if not (_UNSPACED.match(text[-1]) and _UNSPACED.match(following.text[0])):
            self.write(" ")

    def put(self, token: Token, text: str | None = None) -> None:
        text = token.text if text is None else text
        start = self.length
        self.write(text)
        box = Box(
            _fraction(token.box.left / self.width),
            _fraction(token.box.top / self.height),
            _fraction(token.box.right / self.width),
            _fraction(token.box.bottom / self.height),
        )
        self.words.append(Word(start, self.length, box))
        if token.bold:
            if self.bold and start - self.bold[-1][1] <= 1:
                self.bold[-1] = (self.bold[-1][0], self.length)
            else:
                self.bold.append((start, self.length))


def _fraction(share: float) -> float:
    if share <= 0:
        return 0.0
    return round(share, 5) if share < 1 else 1.0


def _pitch(lines: Sequence[Line]) -> float:
    """How wide each letter of a listing is, and the space between two words."""
    # From the start of a word to the start of the next, the letters and one space;
    # the median does not mind the few places where there are more.
    widths = [
        (after.laid.left - before.laid.left) / (len(before.text) + 1)
        for line in lines
        for before, after in pairwise(line.tokens)
    ] or [token.laid.width / len(token.text) for line in lines for token in line.tokens]
    return max(median(widths), _NARROWEST)
