"""The end of an attempt: what is still open, the last word, and the receipt."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from examgen.jobs.clock import now
from examgen.problems import speaks_json
from scoring.protocol import ProtocolError
from scoring.services import attempts, visibility
from scoring.services.receipts import seal_of
from scoring.services.visibility import What, can_see
from scoring.states import AttemptState
from scoring.views import wire
from scoring.views.access import find_own_attempt, own_attempt
from scoring.views.exam_page import answers_of, cells, sheets_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from examgen.typing import UserRequest
    from scoring.models import Attempt


# What looks after being signed in is below: programs must not be redirected.
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: UserRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Name what is open and ask; a POST hands in, from a form or from a program."""
    at = now()
    if not wire.is_signed_in(request):
        return wire.sign_in_first(request)
    if request.method == "POST" and speaks_json(request):
        return _hand_in_by_program(request, attempt_id, at)
    attempt = own_attempt(request, attempt_id)
    if request.method == "POST" and attempt.state != AttemptState.VOID:
        auto = request.POST.get("auto") == "1"
        closed = attempts.submit(attempt=attempt, received_at=at, auto=auto)
        is_open = closed.state == AttemptState.OPEN
        return redirect("hand_in" if is_open else "receipt", attempt.id)
    attempt = attempts.close_if_over(attempt=attempt, at=at)
    if attempt.state != AttemptState.OPEN:
        return redirect("receipt", attempt.id)
    grid = cells(sheets_of(attempt), answers_of(attempt))
    unanswered = [str(cell.number) for cell in grid if not cell.answered]
    flags = [str(cell.number) for cell in grid if cell.flagged]
    return render(
        request,
        "scoring/hand_in.html",
        {
            "attempt": attempt,
            "version": attempt.version,
            "cells": grid,
            "total": len(grid),
            "unanswered": unanswered,
            "unanswered_words": get_text_list(unanswered, _("and")),
            "flags": flags,
            "flags_words": get_text_list(flags, _("and")),
            "announcements": attempt.version.announcements.all(),
            "ends": attempts.end_of(attempt),
            "server_now": at,
        },
    )


def _hand_in_by_program(
    request: UserRequest, attempt_id: uuid.UUID, at: datetime
) -> HttpResponse:
    attempt = find_own_attempt(request, attempt_id)
    if attempt is None:
        return wire.refuse("not_found", HTTPStatus.NOT_FOUND)
    try:
        message = wire.read(request)
        closed = attempts.submit(
            attempt=attempt,
            items=message.items,
            manifest=message.manifest,
            tab=message.tab,
            received_at=at,
            auto=message.auto,
        )
    except ProtocolError as error:
        return wire.refuse_message(error)
    except attempts.MissingVersionsError as error:
        return wire.refuse(
            "missing_versions", HTTPStatus.CONFLICT, missing=error.missing
        )
    except attempts.InvalidItemsError as error:
        items = [wire.told(item) for item in error.items]
        return wire.refuse(
            "invalid_items", HTTPStatus.UNPROCESSABLE_ENTITY, items=items
        )
    except attempts.RefusedError as error:
        status = {"void": HTTPStatus.CONFLICT}
        return wire.refuse(
            error.code, status.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
        )
    return wire.standing(closed, at)


@require_safe
def receipt(request: UserRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """That it was handed in, when, how much, and what shows it later."""
    at = now()
    attempt = attempts.close_if_over(attempt=own_attempt(request, attempt_id), at=at)
    if attempt.state == AttemptState.OPEN:
        return redirect("attempt", attempt.id)
    return render(
        request,
        "scoring/receipt.html",
        {
            "attempt": attempt,
            "version": attempt.version,
            "answered": _answered(attempt),
            "total": len(attempt.version.questions),
            "late": attempt.late.count(),
            "promise": visibility.promise(attempt.version),
            "seal": seal_of(attempt) if attempt.state == AttemptState.CLOSED else "",
            "has_result": can_see(attempt, What.ANSWERS, request.user, at),
        },
    )


def _answered(attempt: Attempt) -> int:
    snapshot = attempt.snapshot or {}
    return sum(value is not None for _, value in snapshot.values())
