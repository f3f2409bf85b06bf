"""A document cut into sections: by its headings, or else by size."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exams.gate.orders import order_in
from exams.gate.wording import squash
from exams.generation.interface import Section, Span
from exams.reading.document import Block, Document, Page, Role

READABLE = frozenset({Role.PARAGRAPH, Role.BULLET})
_HEADINGS = frozenset({Role.TITLE, Role.HEADING})

# A section closes at the next heading once it holds this much, and in any case
# before it grows past what a model can be asked about at once.
_ENOUGH_CHARACTERS = 6_000
_MOST_CHARACTERS = 18_000
_MOST_PAGES = 8

# Under these headings a lecture speaks about itself, its tasks or its sources.
_NO_MATTER = re.compile(
    r"^\W*(?:[\d.]+\s*)?(?:(?:learning |key |lesson |course |chapter |module )?"
    r"(?:objectives|outcomes|goals)|outline|agenda|(?:table of )?contents|overview of"
    r" (?:this|the) (?:lecture|chapter|section)|references|bibliography|(?:further|"
    r"recommended|suggested) reading|(?:practice |review |self-check |discussion |"
    r"critical thinking )?(?:exercises?|questions|problems|quiz)|homework|assignments?"
    r"|acknowledge?ments?|about the authors?|announcements?|thank you|q ?& ?a|questions"
    r"\?|bibliografía|referencias|objetivos|índice|bibliographie|références|objectifs|"
    r"sommaire|literatur(?:verzeichnis)?|gliederung|lernziele|inhalt(?:sverzeichnis)?|"
    r"referências|sumário|índice)\W*$",
    re.IGNORECASE,
)


def matters(heading: str) -> bool:
    return not _NO_MATTER.match(heading)


def readable_pages(document: Document) -> Iterator[Page]:
    """Pages to ask about: no scans, and no slide that a later one repeats whole."""
    for page in document.pages:
        if not page.scan and not page.shown_on:
            yield page


def cut_sections(document: Document) -> tuple[Section, ...]:
    sections: list[Section] = []
    spans: list[Span] = []
    title = heading = ""
    characters = 0

    def close() -> None:
        nonlocal spans, characters, title
        if spans:
            sections.append(Section(len(sections), title, tuple(spans)))
        spans, characters, title = [], 0, heading

    for page in readable_pages(document):
        for number, block in enumerate(page.blocks):
            if block.role in _HEADINGS:
                said = heading_text(page, block)
                if order_in(said):
                    continue  # to a machine, and nothing that a section is about
                heading = said
                if characters >= _ENOUGH_CHARACTERS or not spans:
                    close()
            elif block.role in READABLE and matters(heading):
                length = block.end - block.start
                if spans and (
                    characters + length > _MOST_CHARACTERS
                    or page.number - spans[0].page >= _MOST_PAGES
                ):
                    close()
                spans.append(Span(page.number, number, heading))
                characters += length
    close()
    return tuple(sections)


def heading_text(page: Page, block: Block) -> str:
    return squash(page.text[block.start : block.end])
