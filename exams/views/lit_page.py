"""A lecture's page with a question's sentence lit, ready for a template."""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from exams.models import Page, Question
from exams.reading import anchors
from exams.reading.document import Box

# However the caller tells its questions apart.
Name = TypeVar("Name", bound=Hashable)
_MARGIN = 1.5


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Attributes of an SVG `rect`, in page points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LitPage:
    """The picture is `width` x `height` in page points; so are the rectangles.

    `before`, `shown` and `after` are the page's text around and in the lit sentence,
    which says what `quote` does. `lost` where a newer reading of the page has no such
    sentence: then `before` is all of its text.
    """

    page: Page
    rectangles: list[Rectangle]
    before: str
    shown: str
    after: str
    quote: str

    @property
    def lost(self) -> bool:
        return not self.shown


def lit_page(lecture_id: uuid.UUID, question: Question) -> LitPage | None:
    """Return the page that a question cites, None for one without evidence."""
    return lit_pages(lecture_id, {question.id: question.evidence}).get(question.id)


def lit_pages(
    lecture_id: uuid.UUID, evidence: Mapping[Name, Sequence[Mapping[str, Any]]]
) -> dict[Name, LitPage]:
    """Return the pages that several questions cite, in as many queries as for one."""
    cited = {name: items for name, items in evidence.items() if items}
    if not cited:
        return {}
    numbers = {items[0]["page"] for items in cited.values()}
    rows = Page.objects.filter(lecture_id=lecture_id, number__in=numbers)
    pages = {page.number: page for page in rows.prefetch_related("blocks")}
    return {
        name: _lit(page, items)
        for name, items in cited.items()
        if (page := pages.get(items[0]["page"])) is not None
    }


def _lit(page: Page, evidence: Sequence[Mapping[str, Any]]) -> LitPage:
    cited = [item for item in evidence if item["page"] == page.number]
    # What was published is frozen with the places of its time.
    places = [
        anchors.find(page.text, item["quote"], start=item["start"], end=item["end"])
        for item in cited
    ]
    read = page.as_read()
    start, end = places[0] or (len(page.text), len(page.text))
    return LitPage(
        page=page,
        rectangles=[
            _in_points(box, page)
            for place in places
            if place is not None
            # A marker is a little wider than the letters.
            for box in read.rectangles(*place, margin=_MARGIN)
        ],
        before=page.text[:start],
        shown=page.text[start:end],
        after=page.text[end:],
        quote=cited[0]["quote"],
    )


def _in_points(box: Box, page: Page) -> Rectangle:
    left, top = box.left * page.width, box.top * page.height
    return Rectangle(
        x=round(left, 1),
        y=round(top, 1),
        width=round(box.right * page.width - left, 1),
        height=round(box.bottom * page.height - top, 1),
    )
