"""Whether a receipt that somebody shows was given out here, and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from exams.views.access import educators_only
from scoring.services.receipts import find_sealed

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest


@educators_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_receipt(request: UserRequest) -> HttpResponse:
    """Take what a student shows, and say what they handed in and when."""
    shown = request.POST.get("shown", "")
    attempt = find_sealed(request.user, shown) if shown else None
    values = (attempt.snapshot or {}).values() if attempt else []
    context = {
        "shown": shown,
        "attempt": attempt,
        "answered": sum(value is not None for _, value in values),
        "total": len(attempt.version.questions) if attempt else 0,
    }
    return render(request, "scoring/check_receipt.html", context)
