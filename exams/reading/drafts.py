"""Lines in reading order to blocks: what belongs together, and what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from exams.reading.document import PageKind, Role
from exams.reading.lines import BULLET_MARK, DOT, OPEN_HYPHEN, Line
from exams.reading.sizes import LARGE, Sizes, may_be_heading

_CAPTION = re.compile(
    r"^(?:fig(?:ure|ura|uur|\.)?|table|tab(?:elle|la|leau|el|ela|\.)|abb(?:ildung|\.))"
    r"\s*\d+(?:[.:\-]\d+)*\b",
    re.IGNORECASE,
)
_SURE_MARK = re.compile("^[^\\w\\s()\u2013\u2014*\u00bb\u203a\u00b7+-]")
_SENTENCE_END = re.compile(
    "[.!?:\u2026\u3002\uff01\uff1f]['\"\u201d\u2019\u00bb)\\]]*$"
)
_SAME_SIZE = 0.12
_LOOSER = 1.3
_USUAL_LEADING = 1.7
_WIDEST_LEADING = 4.0
_INDENT = 0.8
_TITLE_WITHIN = 0.35
_TITLE_WITHIN_SPARSE = 0.6
_BOLD_TITLE_WITHIN = 0.2
_SPARSE_LINES = 6
_TITLE_AMONG = 8
_CODE_GAP = 3.0
_TABLE_GAP = 2.5
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


@dataclass
class Draft:
    """A block while it grows."""

    role: Role
    lines: list[Line]
    level: int = 0
    marked: bool = False

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @property
    def size(self) -> float:
        return self.lines[0].size


@dataclass
class PageLayout:
    """Gathers the lines of one page into drafts."""

    lines: Sequence[Line]
    kind: PageKind
    sizes: Sizes
    height: float
    first_page: bool = False
    code: bool = True
    drafts: list[Draft] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.title = self.title_lines()
        self.leading = self.usual_leading()
        self.edges = self.right_edges()
        self.counted = enumerated(self.lines)
        self.margins: list[float] = []
        for line in self.lines:
            self.place(line)

    def usual_leading(self) -> float:
        """From line to line, in sizes: of lines that run on, where there are enough.

        These tell a double-spaced page from one of paragraphs of a line each.
        """
        pairs = [
            ((below.rect.middle - above.rect.middle) / above.size, above, below)
            for above, below in pairwise(self.lines)
            if above.size > 0 and abs(above.size - below.size) < _SAME_SIZE * above.size
        ]
        running = [
            step
            for step, above, below in pairs
            if 0.8 < step < _WIDEST_LEADING and _runs_on(above, below)  # noqa: PLR2004
        ]
        if self.kind is PageKind.PROSE and len(running) > 2:  # noqa: PLR2004
            return median(running)
        near = [step for step, _, _ in pairs if 0.8 < step < 2.2]  # noqa: PLR2004
        return median(near) if len(near) > 2 else _USUAL_LEADING / _LOOSER  # noqa: PLR2004

    def right_edges(self) -> dict[int, float]:
        """How far the lines of each column reach; columns start at one place."""
        edges: dict[int, float] = {}
        for line in self.lines:
            column = self.column(line)
            edges[column] = max(edges.get(column, 0.0), line.rect.right)
        return edges

    def column(self, line: Line) -> int:
        return round(line.rect.left / (6 * self.sizes.body))

    def right_edge(self, line: Line) -> float:
        near = self.column(line)
        return max(self.edges.get(near + step, 0.0) for step in (-1, 0, 1))

    def title_lines(self) -> set[int]:
        """The largest lines near the top; on slides a bold first line will do."""
        if self.kind is PageKind.PROSE and not self.first_page:
            return set()
        within = (
            _TITLE_WITHIN_SPARSE
            if len(self.lines) < _SPARSE_LINES or self.first_page
            else _TITLE_WITHIN
        )
        # A paper's title has little before it; a heading further down is no title.
        first = self.lines[:_TITLE_AMONG] if self.kind is PageKind.PROSE else self.lines
        near = [
            line
            for line in first
            if line.rect.middle <= within * self.height and not line.row
        ]
        named = [line for line in near if sum(map(str.isalpha, line.text)) > 1]
        if not named:
            return set()
        largest = max(line.size for line in named)
        others = [line.size for line in self.lines if line.size < largest / LARGE]
        alone = len(self.lines) == len(named) and not others
        if largest < LARGE * self.sizes.body and not (
            alone and self.kind is PageKind.SLIDE and len(named) == 1
        ):
            return self.bold_title(named)
        return self.run_of(named, largest)

    def run_of(self, named: list[Line], largest: float) -> set[int]:
        """The first run of lines of that size, one below the other."""
        title: list[Line] = []
        for line in named:
            if line.size < largest * (1 - _SAME_SIZE / 2):
                if title:
                    break
                continue
            if title and line.rect.top - title[-1].rect.bottom > line.size:
                break
            title.append(line)
        return {id(line) for line in title}

    def bold_title(self, named: list[Line]) -> set[int]:
        first = min(named, key=lambda line: line.rect.top)
        rest = [line for line in self.lines if line is not first]
        if (
            self.kind is PageKind.SLIDE
            and first.bold
            and not first.marked
            and first.rect.middle <= _BOLD_TITLE_WITHIN * self.height
            and may_be_heading(first)
            and any(not line.bold for line in rest)
        ):
            return {id(first)}
        return set()

    def place(self, line: Line) -> None:
        role = self.role_of(line)
        # No program begins with a dot: it is an item that is set as code.
        dotted = role is Role.CODE and line.marked and line.tokens[0].text == DOT
        if self.drafts and not dotted and self.goes_on(self.drafts[-1], line, role):
            self.drafts[-1].lines.append(line)
            return
        draft = Draft(role, [line], marked=dotted)
        if role is Role.BULLET:
            draft.level, draft.marked = self.bullet_level(line), True
        elif role is Role.HEADING:
            draft.level = self.heading_level(line)
        elif role is Role.PARAGRAPH:
            self.margins = [left for left in self.margins if left <= _indent(line)]
        else:
            self.margins = []
        self.drafts.append(draft)

    def role_of(self, line: Line) -> Role:  # noqa: PLR0911 - one line per role
        """The first that fits: what a line looks like before what it says."""
        if id(line) in self.title:
            return Role.TITLE
        if line.row:
            return Role.TABLE
        if self.code and line.fixed:
            return Role.CODE
        if self.is_caption(line):
            return Role.CAPTION
        if self.is_heading(line):
            return Role.HEADING
        if line.marked and self.is_item(line):
            return Role.BULLET
        return Role.PARAGRAPH

    def is_caption(self, line: Line) -> bool:
        small = line.size <= self.sizes.body * LARGE
        return small and bool(_CAPTION.match(line.text))

    def is_heading(self, line: Line) -> bool:
        if not may_be_heading(line):
            return False
        if line.marked and (self.kind is PageKind.SLIDE or _SURE_MARK.match(line.text)):
            return False
        if line.size >= LARGE * self.sizes.body:
            return True
        if not line.bold or line.size < self.sizes.body * (1 - _SAME_SIZE):
            return False
        return self.stands_alone(line)

    def heading_level(self, line: Line) -> int:
        """Pages of prose share their levels; a slide's own are below its title."""
        if self.kind is PageKind.PROSE:
            return self.sizes.level(line.size)
        return 2 if line.size >= LARGE * self.sizes.body else 3

    def stands_alone(self, line: Line) -> bool:
        """Bold words that end a line early are a heading, others are emphasis."""
        if self.drafts and self.drafts[-1].role is not Role.HEADING:
            above = self.drafts[-1].last
            if not _SENTENCE_END.search(above.text) and self.is_close(above, line):
                return False
        return line.rect.right < self.right_edge(line) - 2 * line.size

    def is_item(self, line: Line) -> bool:
        """A dash or number at the start of a line may be the text wrapping."""
        mark = line.tokens[0].text
        if _SURE_MARK.match(mark) or not self.drafts:
            return True
        draft = self.drafts[-1]
        if draft.role not in {Role.PARAGRAPH, Role.BULLET}:
            return True
        if draft.marked and _shape(draft.lines[0].tokens[0].text) == _shape(mark):
            return True
        if id(line) in self.counted:
            return True
        above = draft.last
        return (
            not self.is_close(above, line)
            or bool(_SENTENCE_END.search(above.text))
            or self.would_have_fitted(above, line)
        )

    def bullet_level(self, line: Line) -> int:
        """Deeper indents are deeper levels, as long as the list runs downwards."""
        left, slack = _indent(line), 0.6 * line.size
        if self.drafts and line.rect.middle < self.drafts[-1].last.rect.middle:
            self.margins = []
        while self.margins and self.margins[-1] > left + slack:
            self.margins.pop()
        if not self.margins or self.margins[-1] < left - slack:
            self.margins.append(left)
        return len(self.margins)

    def goes_on(self, draft: Draft, line: Line, role: Role) -> bool:
        above = draft.last
        down = line.rect.top - above.rect.bottom
        if role in {Role.CODE, Role.TABLE}:
            reach = _CODE_GAP if role is Role.CODE else _TABLE_GAP
            return draft.role is role and -line.size < down < reach * line.size
        if role in {Role.TITLE, Role.HEADING}:
            return (
                draft.role is role
                and abs(draft.size - line.size) < _SAME_SIZE * line.size
                and above.bold == line.bold
                and not line.marked
                and self.is_close(above, line)
                and not (role is Role.HEADING and self.would_have_fitted(above, line))
            )
        if role in {Role.BULLET, Role.CAPTION}:
            return False
        return self.is_same_paragraph(draft, line)

    def is_same_paragraph(self, draft: Draft, line: Line) -> bool:
        above = draft.last
        if draft.role not in {Role.PARAGRAPH, Role.BULLET, Role.CAPTION}:
            return False
        if abs(above.size - line.size) > _SAME_SIZE * max(above.size, line.size):
            return False
        if line.rect.middle <= above.rect.middle:
            return self.is_next_column(above, line)
        if above.text.endswith(OPEN_HYPHEN):
            return True
        return (
            self.is_close(above, line)
            and not self.starts_afresh(draft, line)
            and not self.was_ended(above, line)
        )

    def was_ended(self, above: Line, line: Line) -> bool:
        """A sentence ended or a new one began, and the break was not for room."""
        ended = bool(_SENTENCE_END.search(above.text))
        fresh = not line.text[:1].islower()
        return (ended or fresh) and self.would_have_fitted(above, line)

    def is_next_column(self, above: Line, line: Line) -> bool:
        """A sentence that runs on at the top of the next column."""
        return above.text.endswith((OPEN_HYPHEN, "-")) or (
            line.text[:1].islower() and not _SENTENCE_END.search(above.text)
        )

    def is_close(self, above: Line, line: Line) -> bool:
        step = line.rect.middle - above.rect.middle
        return 0 < step <= _LOOSER * self.leading * max(line.size, above.size)

    def starts_afresh(self, draft: Draft, line: Line) -> bool:
        """An indent that is neither a hanging one nor centred text."""
        above = draft.last
        slack = _INDENT * line.size
        if draft.marked:
            first = draft.lines[0]
            hangs = _indent(line) >= _text_indent(first) - slack
            wraps = _indent(line) >= _indent(first) - slack / 2
            full = not self.would_have_fitted(above, line)
            return not hangs and not (
                wraps and full and not _SENTENCE_END.search(above.text)
            )
        if above.right_to_left or line.right_to_left:
            return above.rect.right - line.rect.right > slack
        centred = abs(
            above.rect.left + above.rect.right - line.rect.left - line.rect.right
        )
        return line.rect.left - above.rect.left > slack and centred > line.size

    def would_have_fitted(self, above: Line, line: Line) -> bool:
        """The first word of this line had room on the line above: a wanted break."""
        if above.right_to_left:
            return False
        word = line.tokens[0].laid.width + 0.3 * line.size
        return above.rect.right + word < self.right_edge(above) - 0.5 * line.size


def _runs_on(above: Line, below: Line) -> bool:
    return (
        below.text[:1].islower()
        and not below.marked
        and not _SENTENCE_END.search(above.text)
    )


def enumerated(lines: Sequence[Line]) -> set[int]:
    """Lines of a list that counts: one mark below the other, each the next in turn."""
    found: set[int] = set()
    last: dict[int, tuple[int, Line]] = {}
    for line in lines:
        number = _number(line.tokens[0].text) if line.marked else 0
        if not number:
            continue
        column = round(_indent(line) / line.size)
        for near in (column - 1, column, column + 1):
            before = last.get(near)
            if before and before[0] + 1 == number:
                found |= {id(before[1]), id(line)}
        last[column] = (number, line)
    return found


def _number(mark: str) -> int:
    """What a mark of a list counts: 2 for "2.", "(b)" or "II."; 0 for a sign."""
    bare = mark.strip("().").casefold()
    if bare.isdecimal():
        return int(bare)
    if len(bare) == 1 and bare.isalpha() and bare.isascii():
        return ord(bare) - ord("a") + 1
    return _ROMAN.index(bare) + 1 if bare in _ROMAN else 0


def _indent(line: Line) -> float:
    """How far in a line begins: from the left, or from the right where it begins."""
    return -line.rect.right if line.right_to_left else line.rect.left


def _text_indent(item: Line) -> float:
    """The same for the text after the mark of a list item."""
    text = item.tokens[1].laid
    return -text.right if item.right_to_left else text.left


def _shape(mark: str) -> str:
    return "#" if BULLET_MARK.match(mark) and any(map(str.isalnum, mark)) else mark
