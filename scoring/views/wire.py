"""Talking to the script of an exam page: JSON in, JSON out, problems with a code.

Such a page must stay whatever happens, so nothing here redirects and nothing answers
with a page.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

from examgen.problems import problem, speaks_json
from scoring import wording
from scoring.models import Attempt
from scoring.protocol import MOST_BYTES, Message, ProtocolError, read_message
from scoring.saving import Answered, Outcome
from scoring.services.closing import end_of
from scoring.states import AttemptState

if TYPE_CHECKING:
    from examgen.typing import UserRequest

_STATUS = {
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "not_json": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


def is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Tell a program that it is signed out with 401; send a person to sign in."""
    if speaks_json(request):
        return refuse("login_required", HTTPStatus.UNAUTHORIZED)
    return redirect_to_login(request.get_full_path())


def read(request: UserRequest) -> Message:
    """Read the message of a request; raises ProtocolError."""
    if not speaks_json(request):
        raise ProtocolError("not_json")
    # By what is announced, so that too much need not even be read.
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > MOST_BYTES:
        raise ProtocolError("too_large")
    return read_message(request.body)


def refuse(code: str, status: HTTPStatus, **facts: Any) -> JsonResponse:
    return problem(code, status=status, title=str(wording.PROBLEMS[code]), **facts)


def refuse_message(error: ProtocolError) -> JsonResponse:
    status = _STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return refuse(error.code, status, **({"where": error.where} if error.where else {}))


def told(item: Answered) -> dict[str, Any]:
    """What became of one item. The value is said where another one is stored."""
    said: dict[str, Any] = {"q": item.question, "status": item.outcome.value}
    match item.outcome:
        case Outcome.INVALID:
            words = wording.INVALID[item.reason]
            return {**said, "reason": item.reason, "title": str(words)}
        case Outcome.STALE | Outcome.CLOSED:
            return {**said, "v": item.version, "value": item.value}
        case _:
            return {**said, "v": item.version}


def standing(attempt: Attempt, at: datetime, **more: Any) -> JsonResponse:
    """How the attempt stands: state, time, and what the educator has said.

    `ends` is the deadline, or the end of the exam for whoever has none; `until` says it
    in the words of the page.
    """
    is_open = attempt.state == AttemptState.OPEN
    ends = end_of(attempt)
    words = {"end": ends}
    announcements = attempt.version.announcements.all() if is_open else ()
    return JsonResponse(
        {
            "state": attempt.state,
            "server_now": at.isoformat(),
            "deadline": attempt.deadline and attempt.deadline.isoformat(),
            "ends": ends and ends.isoformat(),
            "until": ends and render_to_string("scoring/_until.html", words).strip(),
            "receipt": attempt.receipt,
            "next": reverse("attempt" if is_open else "receipt", args=[attempt.id]),
            "announcements": [
                {"id": str(row.id), "text": row.text, "at": row.created_at.isoformat()}
                for row in announcements
            ],
            **more,
        }
    )
