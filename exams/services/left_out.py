"""What of a lecture was read, and what was not asked about and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from exams.models import Block, Lecture
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


def left_out(lecture: Lecture) -> list[LeftOut]:
    """What was left out of a lecture and why, the weightiest first: two queries."""
    met: dict[str, set[int]] = defaultdict(set)
    unsure: dict[int, int] = {}
    pages = lecture.pages.values_list(
        *("number", "scan", "confidence", "trouble"),
        *("hidden_characters", "shown_on", "text"),
    )
    for number, scan, confidence, trouble, hidden, shown_on, text in pages:
        if scan and trouble:
            met["broke_off"].add(number)
        elif scan and confidence is not None:
            met["unsure"].add(number)
            unsure[number] = confidence
        elif scan:
            met["scan"].add(number)
        elif not text.strip():
            met["blank"].add(number)
        if hidden:
            met["hidden"].add(number)
        if shown_on:
            met["build_up"].add(number)
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
