"""The start page of an exam, and its pages while it is taken."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from examgen.jobs.clock import now
from exams.models import ExamVersion
from scoring.forms import taking as forms
from scoring.models import Attempt
from scoring.presentation import Sheet
from scoring.saving import Outcome
from scoring.services import attempts, visibility
from scoring.services.pages import PageReply, save_page
from scoring.states import AttemptState
from scoring.views.access import own_attempt
from scoring.views.exam_page import Question, answers_of, cells, question, sheets_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from examgen.typing import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """What awaits the student, and the button that starts it."""
    at = now()
    version = version_to_take(request.user, exam_id)
    if request.method == "POST":
        try:
            attempt = attempts.start(user=request.user, version=version, at=at)
        except attempts.RefusedError:
            # The page itself says why.
            return redirect("take", exam_id)
        return redirect("attempt", attempt.id)
    return render(
        request,
        "scoring/take.html",
        {
            "version": version,
            "rules": version.rules,
            "points": sum(Decimal(sheet["points"]) for sheet in version.questions),
            "asked": attempts.entitlement(user=request.user, version=version, at=at),
            "promise": visibility.promise(version),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def attempt_page(request: UserRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """One question at a time; every button saves what is on the page."""
    at = now()
    attempt = own_attempt(request, attempt_id)
    if request.method == "POST":
        return _save(request, attempt, at)
    attempt = attempts.close_if_over(attempt=attempt, at=at)
    if attempt.state != AttemptState.OPEN:
        return redirect("receipt", attempt.id)
    return _show(request, attempt, request.GET.get("q", ""), at)


def version_to_take(user: User, exam_id: uuid.UUID) -> ExamVersion:
    """The newest version that this person may take, or that is their own."""
    open_to = ExamVersion.objects.open_to(user)
    versions = open_to | ExamVersion.objects.for_user(user)
    newest = (
        versions.filter(exam=exam_id)
        .select_related("exam", "course")
        .defer("key")
        .order_by("-number")
        .first()
    )
    if newest is None:
        raise Http404
    return newest


def _save(request: UserRequest, attempt: Attempt, at: datetime) -> HttpResponse:
    sheets = sheets_of(attempt)
    sheet = _asked(sheets, request)
    value = forms.read_answer(sheet, request.POST)
    reply = save_page(
        attempt=attempt,
        question=sheet.id,
        value=value,
        shown=forms.read_version(request.POST),
        sent=forms.read_version(request.POST, "sent"),
        tab=forms.read_tab(request.POST),
        flagged={"1": True, "0": False}.get(request.POST.get("flag", "")),
        received_at=at,
    )
    if reply.attempt.state != AttemptState.OPEN:
        return redirect("receipt", attempt.id)
    if reply.answered.outcome is Outcome.INVALID:
        wrong = replace(
            question(sheet, answers_of(attempt).get(sheet.id)),
            value=value,
            error=reply.answered.reason,
        )
        return _show(request, attempt, str(sheet.number), at, wrong=wrong)
    _tell_elsewhere(request, reply)
    return _go(request, attempt, sheet, len(sheets))


def _asked(sheets: list[Sheet], request: UserRequest) -> Sheet:
    """The question that a page was about; a page of ours always names one."""
    asked = request.POST.get("question", "")
    found = next((sheet for sheet in sheets if sheet.id == asked), None)
    if found is None:
        raise Http404
    return found


def _tell_elsewhere(request: UserRequest, reply: PageReply) -> None:
    if not reply.elsewhere:
        return
    if reply.answered.outcome is Outcome.SAVED:
        said = _("Another tab had saved an answer meanwhile. This one replaced it.")
    else:
        said = _("Another tab has saved a newer answer. It is kept.")
    messages.info(request, said)


def _go(
    request: UserRequest, attempt: Attempt, sheet: Sheet, last: int
) -> HttpResponse:
    """Where the button leads: on, back, to a number, or to the same page again."""
    wish = request.POST.get("go", "")
    if wish == "review" or (wish == "next" and sheet.number == last):
        return redirect("hand_in", attempt.id)
    steps = {"next": sheet.number + 1, "prev": sheet.number - 1}
    number = steps.get(wish, _number(wish) or sheet.number)
    # What was moved keeps its place under the eyes.
    item = forms.moved(request.POST)
    anchor = f"#item-{item}" if item in {thing.id for thing in sheet.items} else ""
    address = reverse("attempt", args=[attempt.id])
    query = urlencode({"q": min(max(number, 1), last)})
    return HttpResponseRedirect(f"{address}?{query}{anchor}")


def _show(
    request: UserRequest,
    attempt: Attempt,
    wish: str,
    at: datetime,
    *,
    wrong: Question | None = None,
) -> HttpResponse:
    sheets, answers = sheets_of(attempt), answers_of(attempt)
    number = _number(wish)
    if not 1 <= number <= len(sheets):
        # Whoever comes back goes on where something is open.
        number = next((c.number for c in cells(sheets, answers) if not c.answered), 1)
    sheet = sheets[number - 1]
    grid = cells(sheets, answers, current=number)
    return render(
        request,
        "scoring/attempt.html",
        {
            "attempt": attempt,
            "version": attempt.version,
            "question": wrong or question(sheet, answers.get(sheet.id)),
            "sheet": sheet,
            "cells": grid,
            "answered": sum(cell.answered for cell in grid),
            "open": sum(not cell.answered for cell in grid),
            "flagged": sum(cell.flagged for cell in grid),
            "total": len(sheets),
            "announcements": attempt.version.announcements.all(),
            "ends": attempts.end_of(attempt),
            "server_now": at,
        },
        status=422 if wrong else 200,
    )


def _number(text: str) -> int:
    """A number of a question as typed into an address, 0 for anything else."""
    short = 4
    return int(text) if text.isascii() and text.isdecimal() and len(text) < short else 0
