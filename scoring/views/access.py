"""Whose attempt it is, and where it leads."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.http import Http404

from scoring.models import Attempt

if TYPE_CHECKING:
    from examgen.typing import UserRequest


def own_attempt(request: UserRequest, attempt_id: uuid.UUID) -> Attempt:
    """The person's own attempt; everybody else's do not exist for them."""
    attempt = find_own_attempt(request, attempt_id)
    if attempt is None:
        raise Http404
    return attempt


def find_own_attempt(request: UserRequest, attempt_id: uuid.UUID) -> Attempt | None:
    """The person's own attempt with its version, but without the key.

    Pages of takers are built from the paper alone, so what they show cannot even be
    the key by mistake. Programs hear of one that does not exist in their own way.
    """
    attempts = Attempt.objects.for_user(request.user).with_paper()
    return attempts.filter(id=attempt_id).first()
