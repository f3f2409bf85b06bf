"""The list of references at the end, which must not be asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from exams.reading.document import Block, Page, Role

_HEADINGS = re.compile(
    r"^(?:[\dIVX]+\.?\s+)?(?:references|bibliography|works cited|literature cited"
    r"|further reading|literatur(?:verzeichnis)?|quellen(?:verzeichnis)?|références"
    r"|bibliographie|referencias|bibliografía|referências|bibliografia"
    r"|riferimenti(?: bibliografici)?|literatuur(?:lijst)?|литература|references and"
    r" further reading)\s*:?$",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"^\[\w{1,8}\]|^\d{1,3}[.)]?\s|\b(?:19|20)\d\d[a-z]?\b|https?://|doi"
)
_NOT_BEFORE = 0.5
_ENTRIES_SHARE = 0.5
_ENTRY_ROLES = frozenset({Role.PARAGRAPH, Role.BULLET, Role.CAPTION, Role.REFERENCE})


def with_references(pages: Sequence[Page]) -> list[Page]:
    """The same pages, entries after a heading of references marked as such."""
    places = [
        (place, index)
        for place, page in enumerate(pages)
        for index in range(len(page.blocks))
    ]
    total = sum(len(page.text) for page in pages)
    before = _lengths_before(pages)
    marked: dict[int, set[int]] = {}
    for spot, (place, index) in enumerate(places):
        page, block = pages[place], pages[place].blocks[index]
        if not _HEADINGS.match(_text(page, block)):
            continue
        if before[place] + block.start < _NOT_BEFORE * total:
            continue
        entries = _entries(pages, places[spot + 1 :])
        for entry_place, entry_index in entries:
            marked.setdefault(entry_place, set()).add(entry_index)
    return [
        _marked(page, marked[place]) if place in marked else page
        for place, page in enumerate(pages)
    ]


def _lengths_before(pages: Sequence[Page]) -> list[int]:
    before, total = [], 0
    for page in pages:
        before.append(total)
        total += len(page.text)
    return before


def _text(page: Page, block: Block) -> str:
    return page.text[block.start : block.end]


def _entries(
    pages: Sequence[Page], places: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Blocks up to the next heading, if most of them look like entries."""
    found: list[tuple[int, int]] = []
    alike = 0
    for place, index in places:
        page, block = pages[place], pages[place].blocks[index]
        if block.role in {Role.HEADING, Role.TITLE}:
            # A slide of references often has its heading once more.
            if _HEADINGS.match(_text(page, block)):
                continue
            break
        if block.role in _ENTRY_ROLES:
            found.append((place, index))
            start = page.text.rfind("\n", 0, block.start) + 1
            alike += bool(_ENTRY.search(page.text[start : block.end]))
    return found if alike >= _ENTRIES_SHARE * len(found) else []


def _marked(page: Page, entries: set[int]) -> Page:
    return replace(
        page,
        blocks=tuple(
            replace(block, role=Role.REFERENCE) if index in entries else block
            for index, block in enumerate(page.blocks)
        ),
    )
