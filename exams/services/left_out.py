"""What of a lecture was read, and what was not asked about and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Substr

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


@dataclass(frozen=True, slots=True)
class Report:
    """What was not asked about, the weightiest reason first, and the contents."""

    left_out: list[LeftOut]
    contents: list[Heading]


def listed_pages(lecture: Lecture) -> QuerySet[Page]:
    """The pages without their texts, each with whether it `is_blank`."""
    blank = Q(text__regex=r"^\s*$")
    return lecture.pages.defer("words", "text").annotate(is_blank=blank)


def report(lecture: Lecture, pages: Iterable[Page]) -> Report:
    """Tell of the reading of a lecture in one query; `pages` are its `listed_pages`."""
    met: dict[str, set[int]] = defaultdict(set)
    titles: list[Heading] = []
    for role, number, shown_on, name in _blocks(lecture):
        if role != Role.TITLE:
            met[role].add(number)
        # A title that goes on over several slides is named once.
        elif name and not shown_on and not (titles and titles[-1].name == name):
            titles.append(Heading(1, name, number))
    declared = [Heading(*entry) for entry in lecture.outline if entry[1]]
    return Report(_left_out(pages, met), declared or titles)


def _blocks(lecture: Lecture) -> Iterator[tuple[str, int, int, str]]:
    """Role, page, the page that repeats it, and the words of a title."""
    length = F("end") - F("start")
    title = When(role=Role.TITLE, then=Substr("page__text", F("start") + 1, length))
    blocks = Block.objects.filter(
        page__lecture=lecture, role__in=(Role.TITLE, *_UNASKED)
    ).annotate(words=Case(title, default=Value("")))
    found = blocks.order_by("page__number", "order").values_list(
        "role", "page__number", "page__shown_on", "words"
    )
    for role, number, shown_on, words in found:
        yield role, number, shown_on, " ".join(words.split())


def _left_out(pages: Iterable[Page], met: dict[str, set[int]]) -> list[LeftOut]:
    unsure: dict[int, int] = {}
    room = settings.OCR_MAX_PAGES
    for page in pages:
        # Recognition is tried on the first pictures of a lecture only.
        room -= page.scan or page.confidence is not None
        if page.scan and page.trouble:
            met["broke_off"].add(page.number)
        elif page.scan and page.confidence is not None:
            met["unsure"].add(page.number)
            unsure[page.number] = page.confidence
        elif page.scan and settings.OCR:
            met["untried" if room >= 0 else "beyond"].add(page.number)
        elif page.scan:
            met["scan"].add(page.number)
        elif getattr(page, "is_blank"):  # noqa: B009 - annotated above
            met["blank"].add(page.number)
        if page.hidden_characters:
            met["hidden"].add(page.number)
        if page.shown_on:
            met["build_up"].add(page.number)
    order = (
        *("scan", "untried", "beyond", "unsure", "broke_off"),
        *("hidden", "blank", "build_up"),
        *_UNASKED,
    )
    # How sure the recognition was is told page by page.
    told = {"unsure": ", ".join(f"{page} ({unsure[page]}%)" for page in sorted(unsure))}
    return [
        LeftOut(code, told.get(code) or ranges(sorted(met[code])))
        for code in order
        if met[code]
    ]
