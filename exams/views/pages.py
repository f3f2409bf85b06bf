"""One page of a lecture: its picture beside what was read of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from exams.models import Lecture, Page
from exams.services import pictures
from exams.views.access import educators_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest


@educators_only
@require_GET
def lecture_page(
    request: UserRequest, lecture_id: uuid.UUID, number: int
) -> HttpResponse:
    """The whole page, or for htmx its picture, which may be on its way."""
    page = _page(request, lecture_id, number)
    drawing = not page.image and pictures.is_wanted(page)
    context = {
        "lecture": page.lecture,
        "page": page,
        "drawing": drawing,
        # Asked for by the page itself, once; afterwards by whoever clicks.
        "ask": not page.image and not drawing and not pictures.was_tried(page),
    }
    if request.htmx:
        return render(request, "exams/_page_picture.html", context)
    last = page.lecture.pages.aggregate(last=Max("number"))["last"]
    context["parts"] = [
        (block.role, page.text[block.start : block.end]) for block in page.blocks.all()
    ]
    context["before"] = number - 1 if number > 1 else None
    context["after"] = number + 1 if number < last else None
    return render(request, "exams/page.html", context)


@educators_only
@require_POST
def draw_page(request: UserRequest, lecture_id: uuid.UUID, number: int) -> HttpResponse:
    """Ask for the large picture of a page."""
    page = _page(request, lecture_id, number)
    pictures.want(page=page, actor=request.user.id)
    if request.htmx:
        context = {"lecture": page.lecture, "page": page, "drawing": not page.image}
        return render(request, "exams/_page_picture.html", context)
    return redirect("lecture_page", lecture_id=lecture_id, number=number)


def _page(request: UserRequest, lecture_id: uuid.UUID, number: int) -> Page:
    lecture = get_object_or_404(Lecture.objects.for_user(request.user), id=lecture_id)
    pages = Page.objects.for_user(request.user).filter(lecture=lecture)
    return get_object_or_404(
        pages.select_related("lecture").prefetch_related("blocks"), number=number
    )
