"""What an attempt came to: the score, each miss with its proof, the rest below."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from examgen.jobs.clock import now
from exams.models import Page
from exams.views.lit_page import lit_pages
from exams.views.pictures import picture_response
from scoring.models import Attempt
from scoring.services import attempts, visibility
from scoring.services.visibility import What, can_see
from scoring.states import AttemptState
from scoring.views.exam_page import sheets_of
from scoring.views.result_rows import Row, row

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from accounts.models import User
    from examgen.typing import UserRequest
    from scoring.models import Grade


@require_safe
def result(request: UserRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """The result as far as it may be seen now, and otherwise when it may be."""
    at = now()
    attempt = attempts.close_if_over(
        attempt=attempt_to_read(request.user, attempt_id), at=at
    )
    own = attempt.user_id == request.user.id
    if attempt.state == AttemptState.OPEN:
        if not own:
            raise Http404
        return redirect("attempt", attempt.id)
    seen = {what for what in What if can_see(attempt, what, request.user, at)}
    grade = visibility.latest_grade(attempt)
    if grade is None or What.ANSWERS not in seen:
        return redirect("receipt", attempt.id)
    rows = rows_of(attempt, grade, with_key=What.KEY in seen)
    return render(
        request,
        "scoring/result.html",
        {
            "attempt": attempt,
            "version": attempt.version,
            "own": own,
            "grade": grade,
            "has_score": What.SCORE in seen and grade.complete,
            "has_key": What.KEY in seen,
            "has_board": What.BOARD in seen,
            "percent": (percent := percent_of(grade)),
            "meter": min(max(percent, Decimal(0)), Decimal(100)),
            "passed": has_passed(attempt, grade),
            "misses": [item for item in rows if item.state in ("wrong", "partly")],
            "open": [item for item in rows if item.state == "open"],
            "right": [item for item in rows if item.state == "right"],
            "total": len(rows),
        },
    )


@require_safe
def result_page(
    request: UserRequest, attempt_id: uuid.UUID, number: int
) -> HttpResponseBase:
    """A picture of a lecture page that a question cites, once the key may be seen."""
    return picture_response(request, cited_picture(request.user, attempt_id, number))


def cited_picture(user: User, attempt_id: uuid.UUID, number: int) -> str:
    """The key in the store of such a picture; 404 while the key may not be seen."""
    attempt = attempt_to_read(user, attempt_id)
    if not can_see(attempt, What.KEY, user, now()):
        raise Http404
    if number not in _cited(attempt.version.key):
        raise Http404
    pages = Page.objects.cited_by(attempt.version)
    page = get_object_or_404(pages.only("thumbnail", "image"), number=number)
    if not (key := page.image or page.thumbnail):
        raise Http404
    return key


def attempt_to_read(user: User, attempt_id: uuid.UUID) -> Attempt:
    attempts_ = Attempt.objects.readable_by(user).with_paper()
    return get_object_or_404(attempts_.select_related("user"), id=attempt_id)


def rows_of(attempt: Attempt, grade: Grade, *, with_key: bool) -> list[Row]:
    # Not even read where it may not be shown.
    key: dict[str, Any] = attempt.version.key if with_key else {}
    sheets = sheets_of(attempt)
    evidence = {name: part["evidence"] for name, part in key.items()}
    lit = lit_pages(attempt.version.exam.lecture_id, evidence)
    snapshot = attempt.snapshot or {}
    return [
        row(
            sheet,
            mark=grade.marks[sheet.id],
            value=snapshot.get(sheet.id, (0, None))[1],
            key=key.get(sheet.id),
            lit=lit.get(sheet.id),
        )
        for sheet in sheets
    ]


def percent_of(grade: Grade) -> Decimal:
    if not grade.max_points:
        return Decimal(0)
    return (100 * grade.points / grade.max_points).quantize(Decimal("0.1"))


def has_passed(attempt: Attempt, grade: Grade) -> bool | None:
    """Whether the score is enough; None where nobody passes or fails."""
    needed = attempt.version.rules.pass_percent
    if needed is None:
        return None
    return bool(100 * grade.points >= needed * grade.max_points)


def _cited(key: dict[str, Any]) -> set[int]:
    return {item["page"] for part in key.values() for item in part["evidence"][:1]}
