"""What reading a lecture yields: pages, their text, and where each word stands.

Offsets are code points in `Page.text`. Boxes are fractions of the page as a person
sees it (rotation applied), origin at the top left, so that they can be laid over an
image of any size.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from exams.reading.marking import Marker


class Role(StrEnum):
    """What a block is for. Only some roles are fit to ask questions about."""

    TITLE = "title"
    HEADING = "heading"
    BULLET = "bullet"
    PARAGRAPH = "para"
    CODE = "code"
    TABLE = "table"
    CAPTION = "caption"
    REFERENCE = "reference"
    FURNITURE = "furniture"
    HIDDEN = "hidden"


class PageKind(StrEnum):
    SLIDE = "slide"
    PROSE = "prose"


class ReadingError(Exception):
    """Why a file cannot become a lecture.

    `code` is one of `too_large`, `not_pdf` (kind), `empty`, `encrypted`, `damaged`,
    `no_pages`, `too_many_pages` (pages, limit), `too_complex`, `scanned` (pages),
    `unsure_scans` (pages), `too_little_text` (words, limit). The result is final: trying again cannot help.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Block:
    """A run of `Page.text` with one role; `bold` holds spans set in bold."""

    order: int
    role: Role
    start: int
    end: int
    level: int = 0
    size: float = 0.0
    bold: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. `text` never contains hidden text and never changes once stored.

    `width` and `height` are in points. `language` is a two-letter code, or "und" when
    neither the page nor the document says enough. `scan` marks a picture of text that is
    not read. `confidence`, 0 to 100, is of text recognition where that was tried, else
    None: with `scan` it was too low to keep any text, or there was a `trouble`.
    `shown_on` is the later page that repeats everything on this one (a click-through
    slide), or 0.
    """

    number: int
    width: float
    height: float
    text: str
    label: str = ""
    language: str = "und"
    kind: PageKind = PageKind.PROSE
    blocks: tuple[Block, ...] = ()
    words: tuple[Word, ...] = ()
    scan: bool = False
    confidence: int | None = None
    trouble: str = ""
    hidden_characters: int = 0
    shown_on: int = 0

    def rectangles(self, start: int, end: int, *, margin: float = 0.0) -> list[Box]:
        """One box per line of the span, for lighting exactly that on the page's image.

        They are wider than the words by up to `margin` points, but reach no others.
        """
        marker = Marker(self.text, self.words, self.width, self.height)
        return marker.boxes(start, end, margin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A lecture as read. `flags` are facts for people (`javascript`, `attachments`)."""

    title: str
    language: str
    pages: tuple[Page, ...]
    flags: tuple[str, ...] = ()
    outline: tuple[tuple[int, str, int], ...] = field(default_factory=tuple)

    @property
    def scanned_pages(self) -> tuple[int, ...]:
        return tuple(page.number for page in self.pages if page.scan)

    def untried_pictures(self, most: int) -> tuple[int, ...]:
        """Of the first `most` pictures of text, those not given to recognition yet."""
        pictures = [p for p in self.pages if p.scan or p.confidence is not None]
        return tuple(p.number for p in pictures[:most] if p.confidence is None)
