"""Saving answers from the script of an exam page, and asking how it stands."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.middleware.csrf import get_token
from django.views.decorators.http import require_http_methods

from examgen.jobs.clock import now
from scoring.protocol import ProtocolError
from scoring.services import attempts
from scoring.views import wire
from scoring.views.access import find_own_attempt

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_answers(request: UserRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """GET tells how the attempt stands; POST saves items and tells of each."""
    at = now()
    if not wire.is_signed_in(request):
        return wire.refuse("login_required", HTTPStatus.UNAUTHORIZED)
    attempt = find_own_attempt(request, attempt_id)
    if attempt is None:
        return wire.refuse("not_found", HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        attempt = attempts.close_if_over(attempt=attempt, at=at)
        # Whoever signed in again in another tab needs a new token.
        return wire.standing(attempt, at, token=get_token(request))
    try:
        message = wire.read(request)
    except ProtocolError as error:
        return wire.refuse_message(error)
    reply = attempts.save(
        attempt=attempt, items=message.items, tab=message.tab, received_at=at
    )
    items = [wire.told(item) for item in reply.items]
    return wire.standing(reply.attempt, at, items=items)
