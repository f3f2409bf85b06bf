"""What of a lecture was read, and what was not asked about and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from exams.models import Block, Lecture, Page
from exams.reading import Role, ranges

# Read, shown and searched, but nothing is asked about them.
_UNASKED = (Role.FURNITURE, Role.REFERENCE, Role.CODE, Role.TABLE, Role.CAPTION)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One reason, with the pages it was met on, as a person writes them.

    With `unsure` stands how sure the recognition of each was: `3 (54%), 7 (61%)`.
    """

    code: str
    pages: str


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the contents, `level` from 1."""

    level: int
    name: str
    page: int


def listed_pages(lecture: Lecture) -> QuerySet[Page]:
    """The pages without their texts, each with whether it `is_blank`."""
    blank = Q(text__regex=r"^\s*$")
    return lecture.pages.defer("words", "text").annotate(is_blank=blank)


def left_out(lecture: Lecture, pages: Iterable[Page]) -> list[LeftOut]:
    """What was left out of a lecture and why, the weightiest first: one query.

    `pages` are its `listed_pages`.
    """
    met: dict[str, set[int]] = defaultdict(set)
    unsure: dict[int, int] = {}
    for page in pages:
        if page.scan and page.trouble:
            met["broke_off"].add(page.number)
        elif page.scan and page.confidence is not None:
            met["unsure"].add(page.number)
            unsure[page.number] = page.confidence
        elif page.scan:
            met["scan"].add(page.number)
        elif getattr(page, "is_blank"):  # noqa: B009 - annotated above
            met["blank"].add(page.number)
        if page.hidden_characters:
            met["hidden"].add(page.number)
        if page.shown_on:
            met["build_up"].add(page.number)
    blocks = Block.objects.filter(page__lecture=lecture, role__in=_UNASKED)
    for role, number in (
        blocks.order_by().values_list("role", "page__number").distinct()
    ):
        met[role].add(number)
    order = (
        *("scan", "unsure", "broke_off", "hidden", "blank", "build_up"),
        *_UNASKED,
    )
    # How sure the recognition was is told page by page.
    told = {"unsure": ", ".join(f"{page} ({unsure[page]}%)" for page in sorted(unsure))}
    return [
        LeftOut(code, told.get(code) or ranges(sorted(met[code])))
        for code in order
        if met[code]
    ]


def contents(lecture: Lecture) -> list[Heading]:
    """The outline that the file declares, else the titles of its pages."""
    if lecture.outline:
        return [Heading(*entry) for entry in lecture.outline if entry[1]]
    titles = Block.objects.filter(
        page__lecture=lecture, page__shown_on=0, role=Role.TITLE
    )
    found: list[Heading] = []
    for block in titles.select_related("page").order_by("page__number", "order"):
        name = " ".join(block.page.text[block.start : block.end].split())
        # A title that goes on over several slides is named once.
        if not found or found[-1].name != name:
            found.append(Heading(1, name, block.page.number))
    return found
