"""All that somebody has handed in, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from examgen.jobs.clock import now
from exams.views.lectures import PER_PAGE
from scoring.services import homes

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest


@require_safe
def results(request: UserRequest) -> HttpResponse:
    """Page by page, each attempt with its score if it may be seen."""
    attempts = Paginator(homes.handed_in(request.user), PER_PAGE)
    page = attempts.get_page(request.GET.get("page"))
    cards = homes.cards(page.object_list, request.user, at=now())
    return render(request, "scoring/results.html", {"page": page, "cards": cards})
