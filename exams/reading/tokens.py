"""What the child said, made into values: a sheet of tokens per page.

The child reads hostile files, so its answers are checked here like any input.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from exams.reading.cleaning import clean
from exams.reading.document import ReadingError

_FEW_CHARACTERS = 25
_MOSTLY = 0.5
_BOLD, _FIXED, _ITALIC = 1, 2, 4
_LAID_BOX = 4
_GAPS = "+< -\n"
_RECOGNISED = frozenset("mu")


@dataclass(frozen=True, slots=True)
class Rect:
    """In points from the top left of the page as seen."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def around(self, other: Rect) -> Rect:
        return Rect(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def turned(self, quarters: int, width: float, height: float) -> Rect:
        """The same place once the page is turned back by so many quarters."""
        if quarters == 1:
            return Rect(self.top, width - self.right, self.bottom, width - self.left)
        if quarters == 2:  # noqa: PLR2004 - quarters of a turn
            return Rect(
                width - self.right,
                height - self.bottom,
                width - self.left,
                height - self.top,
            )
        if quarters == 3:  # noqa: PLR2004
            return Rect(height - self.bottom, self.left, height - self.top, self.right)
        return self


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or the part of one before or after a line break.

    `gap` is what stood before it in the file: "+" nothing, " " a space, a line break,
    "-" a line break inside a hyphenated word (the hyphen itself is not in `text`), or
    "<" a space within a line that is read from the right and already in order.
    `box` is where it is seen; `laid` is the same for the eye that reads the page's
    main direction, and is what layout works on.
    """

    text: str
    box: Rect
    laid: Rect
    gap: str = " "
    size: float = 10.0
    bold: bool = False
    fixed: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page as extracted: tokens in the order of the file.

    `confidence` and `trouble` are of the recognition of its picture, if there was one.
    """

    number: int
    width: float
    height: float
    tokens: tuple[Token, ...] = ()
    aside: tuple[Token, ...] = ()
    hidden_characters: int = 0
    scan: bool = False
    text_layer: bool = False
    unreadable: bool = False
    turn: int = 0
    confidence: int | None = None
    trouble: str = ""

    @property
    def laid_width(self) -> float:
        return self.height if self.turn % 2 else self.width

    @property
    def laid_height(self) -> float:
        return self.width if self.turn % 2 else self.height


def sheet_of(message: dict[str, Any]) -> Sheet:
    try:
        if message.get("unreadable"):
            return Sheet(
                number=int(message["page"]), width=1.0, height=1.0, unreadable=True
            )
        return _sheet(message)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ReadingError("damaged") from error


def _sheet(message: dict[str, Any]) -> Sheet:
    words, boxes, hidden = message["words"], message["boxes"], message["hidden"]
    styles = message["styles"]
    width, height = float(message["width"]), float(message["height"])
    images = float(message.get("images", 0.0))
    # Recognised text lies invisible over the picture it was read from, or beneath it:
    # it says what a person sees, unlike other invisible text.
    layer = images >= _MOSTLY and not _RECOGNISED.isdisjoint(hidden)
    visible = {".", *_RECOGNISED} if layer else {"."}
    turn = _main_turn(message, visible)
    kept: list[Token] = []
    aside: list[Token] = []
    lost = 0
    owed = ""
    for index, word in enumerate(words):
        gap = message["breaks"][index]
        text, removed = clean(word)
        lost += removed
        if hidden[index] not in visible:
            lost += len(text)
            text = ""
        if not text:
            # The break before a word that is left out belongs to the next one.
            owed = max(owed, gap, key=_GAPS.find)
            continue
        size, flags, way = styles[message["style"][index]]
        left, top, right, bottom = boxes[_LAID_BOX * index : _LAID_BOX * (index + 1)]
        box = Rect(left / 100, top / 100, right / 100, bottom / 100)
        token = Token(
            text=text,
            box=box,
            laid=box.turned(turn, width, height) if turn else box,
            gap=max(owed, gap, key=_GAPS.find) if owed else gap,
            size=float(size),
            bold=bool(flags & _BOLD),
            fixed=bool(flags & _FIXED),
            italic=bool(flags & _ITALIC),
        )
        owed = ""
        (kept if way == turn else aside).append(token)
    if message.get("open_hyphen") and kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text + "-")
    characters = sum(len(token.text) for token in kept)
    return Sheet(
        number=int(message["page"]),
        width=width,
        height=height,
        tokens=tuple(kept),
        aside=tuple(aside),
        hidden_characters=lost,
        scan=characters < _FEW_CHARACTERS and images >= _MOSTLY,
        text_layer=layer,
        turn=turn,
    )


def _main_turn(message: dict[str, Any], visible: set[str]) -> int:
    """The direction most letters run in: a page may be set sideways."""
    votes = [0, 0, 0, 0]
    for word, why, style in zip(
        message["words"], message["hidden"], message["style"], strict=True
    ):
        if why in visible:
            votes[message["styles"][style][2]] += len(word)
    return votes.index(max(votes))
