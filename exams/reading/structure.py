"""Sheets of tokens to the pages of a document. No PDF in sight: testable by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exams.reading.assembly import Assembly
from exams.reading.document import Page, PageKind, ReadingError, Role
from exams.reading.drafts import Draft, PageLayout
from exams.reading.furniture import furniture, is_at_edge
from exams.reading.hyphens import vocabulary_of
from exams.reading.lines import Line, lines_of
from exams.reading.listings import line_numbers
from exams.reading.notes import without_note_marks
from exams.reading.order import reading_order
from exams.reading.overlays import shown_on
from exams.reading.references import with_references
from exams.reading.sizes import Sizes, sizes_of
from exams.reading.tables import with_rows_joined
from exams.reading.tokens import Sheet

_PROSE_CHARACTERS = 1_500
_DENSE_CHARACTERS = 800
_PROSE_SIZE = 0.0195
_MOSTLY_CODE = 0.6
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"^\W*\d+\W*$")


@dataclass(frozen=True, slots=True)
class Plain:
    """A sheet, its lines, what kind of page it is, and the marks of its notes."""

    sheet: Sheet
    lines: tuple[Line, ...]
    kind: PageKind
    marks: tuple[Line, ...] = ()


def pages_of(
    sheets: Sequence[Sheet],
    *,
    labels: Sequence[str] = (),
    most_lines: int = 10_000,
    tick: Callable[[], None] = lambda: None,
) -> list[Page]:
    """`tick` is called before each page and may raise, to keep the time."""
    plain: list[Plain] = []
    for sheet in sheets:
        tick()
        lines, marks = without_note_marks(lines_of(sheet.tokens))
        if len(lines) > most_lines:
            raise ReadingError("too_complex", reason="lines", page=sheet.number)
        kind = kind_of(sheet, lines)
        plain.append(Plain(sheet, tuple(lines), kind, tuple(marks)))
    later = shown_on(
        [_slide_words(page) for page in plain], [sheet.number for sheet in sheets]
    )
    sizes = {kind: _sizes(plain, kind) for kind in PageKind}
    aside = furniture(
        [page.lines for page in plain],
        [page.sheet.laid_height for page in plain],
        counted=[not repeated for repeated in later],
        body=sizes_of(line for page in plain for line in page.lines).body,
    )
    vocabulary = vocabulary_of(token.text for s in sheets for token in s.tokens)
    pages: list[Page] = []
    for place, page in enumerate(plain):
        tick()
        drafts = _drafts(page, aside[place], sizes[page.kind], first=place == 0)
        pages.append(
            _page(
                page,
                drafts,
                vocabulary,
                label=labels[place] if place < len(labels) else "",
                repeated_on=later[place],
            )
        )
    return with_references(pages)


def kind_of(sheet: Sheet, lines: Sequence[Line]) -> PageKind:
    """Slides have few words or large type for their page, and mostly lie on a side."""
    characters = sum(len(line.text) for line in lines)
    small = sizes_of(lines).body <= _PROSE_SIZE * sheet.laid_height
    if sheet.laid_width > sheet.laid_height:
        prose = small and characters >= _DENSE_CHARACTERS
    else:
        prose = small or characters >= _PROSE_CHARACTERS
    return PageKind.PROSE if prose else PageKind.SLIDE


def _sizes(plain: Sequence[Plain], kind: PageKind) -> Sizes:
    return sizes_of(line for page in plain if page.kind is kind for line in page.lines)


def _slide_words(page: Plain) -> Counter[str]:
    """The words of a slide without its number, which changes with every click."""
    if page.kind is not PageKind.SLIDE:
        return Counter()
    return Counter(
        word
        for line in page.lines
        for token in line.tokens
        if not (_DIGITS.match(token.text) and is_at_edge(line, page.sheet.laid_height))
        for word in _WORD.findall(token.text.casefold())
    )


def _drafts(page: Plain, aside: set[int], sizes: Sizes, *, first: bool) -> list[Draft]:
    """Head furniture, then the page in reading order, then the foot."""
    height = page.sheet.laid_height
    edge = [line for place, line in enumerate(page.lines) if place in aside]
    rest = [line for place, line in enumerate(page.lines) if place not in aside]
    counting = line_numbers(rest)
    numbers = [line for line in rest if id(line) in counting]
    content = [line for line in rest if id(line) not in counting]
    prose = page.kind is PageKind.PROSE
    ordered = reading_order(
        with_rows_joined(content), page.sheet.laid_width, height, drawn_order=prose
    )
    letters = sum(len(line.text) for line in content)
    fixed = sum(len(line.text) for line in content if line.fixed)
    layout = PageLayout(
        ordered,
        page.kind,
        sizes,
        height,
        first_page=first,
        # A paper typed on a typewriter is not a program.
        code=not (prose and fixed > _MOSTLY_CODE * letters),
    )
    head = [line for line in edge if line.rect.middle < height / 2]
    foot = [line for line in edge if line.rect.middle >= height / 2]
    return [
        *(Draft(Role.FURNITURE, [line]) for line in head),
        *layout.drafts,
        *([Draft(Role.FURNITURE, numbers)] if numbers else []),
        *(Draft(Role.FURNITURE, [line]) for line in foot),
        *(Draft(Role.FURNITURE, [line]) for line in page.marks),
        *(Draft(Role.FURNITURE, [line]) for line in lines_of(page.sheet.aside)),
    ]


def _page(
    page: Plain,
    drafts: Sequence[Draft],
    vocabulary: frozenset[str],
    *,
    label: str,
    repeated_on: int,
) -> Page:
    sheet = page.sheet
    assembly = Assembly(sheet.width, sheet.height, vocabulary)
    for draft in drafts:
        assembly.add(draft)
    return Page(
        number=sheet.number,
        width=sheet.width,
        height=sheet.height,
        text=assembly.text,
        label=label,
        kind=page.kind,
        blocks=tuple(assembly.blocks),
        words=tuple(assembly.words),
        scan=sheet.scan,
        confidence=sheet.confidence,
        trouble=sheet.trouble,
        hidden_characters=sheet.hidden_characters,
        shown_on=repeated_on,
    )
