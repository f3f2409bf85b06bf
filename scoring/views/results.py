"""What an attempt came to: the score, each miss with its proof, the rest below."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from examgen.jobs.clock import now
from exams.models import Page
from exams.views.lit_page import lit_pages
from exams.views.pictures import picture_response
from scoring import statistics
from scoring.models import Attempt
from scoring.services import attempts, visibility
from scoring.services.late import kept
from scoring.services.visibility import What, can_see
from scoring.states import AttemptState
from scoring.views.exam_page import sheets_of
from scoring.views.result_rows import Row, late, row

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from accounts.models import User
    from examgen.typing import UserRequest
    from scoring.models import Grade

LATE_PER_PAGE = 20


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
    percent = statistics.percent(grade.points, grade.max_points)
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
            "percent": percent,
            "meter": min(max(percent, Decimal(0)), Decimal(100)),
            "passed": statistics.passes(percent, attempt.version.rules.pass_percent),
            "misses": [item for item in rows if item.state in ("wrong", "partly")],
            "open": [item for item in rows if item.state == "open"],
            "right": [item for item in rows if item.state == "right"],
            "total": len(rows),
            **({} if own else _late(request, attempt)),
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


def _late(request: UserRequest, attempt: Attempt) -> dict[str, Any]:
    """What came after the end: its educator reads it, and it is not graded."""
    page = Paginator(kept(attempt), LATE_PER_PAGE).get_page(request.GET.get("page"))
    sheets = {sheet.id: sheet for sheet in sheets_of(attempt)}
    key = attempt.version.key if page.object_list else {}
    named = [(str(answer.question), answer) for answer in page]
    rows = [late(sheets[name], answer, key.get(name)) for name, answer in named]
    return {"late": rows, "page": page}


def _cited(key: dict[str, Any]) -> set[int]:
    return {item["page"] for part in key.values() for item in part["evidence"][:1]}
