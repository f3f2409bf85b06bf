"""A lecture's page with a question's sentence lit, ready for a template."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from exams.models import Page, Question
from exams.reading.document import Box


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

    `before`, `quote` and `after` are the page's text around the lit sentence.
    """

    page: Page
    rectangles: list[Rectangle]
    before: str
    quote: str
    after: str


def lit_page(lecture_id: uuid.UUID, question: Question) -> LitPage | None:
    """Return the page that a question cites, None for one without evidence."""
    if not question.evidence:
        return None
    cited = question.evidence[0]
    page = (
        Page.objects.filter(lecture_id=lecture_id, number=cited["page"])
        .prefetch_related("blocks")
        .get()
    )
    spans = [item for item in question.evidence if item["page"] == page.number]
    read = page.as_read()
    return LitPage(
        page=page,
        rectangles=[
            _in_points(box, page)
            for span in spans
            for box in read.rectangles(span["start"], span["end"])
        ],
        before=page.text[: cited["start"]],
        quote=cited["quote"],
        after=page.text[cited["end"] :],
    )


def _in_points(box: Box, page: Page) -> Rectangle:
    """Scale to the page and grow a little, as a marker is wider than the letters."""
    grow = 1.5
    return Rectangle(
        x=round(box.left * page.width - grow, 1),
        y=round(box.top * page.height - grow, 1),
        width=round((box.right - box.left) * page.width + 2 * grow, 1),
        height=round((box.bottom - box.top) * page.height + 2 * grow, 1),
    )
