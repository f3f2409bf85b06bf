"""Whose attempt it is, and where it leads."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from scoring.models import Attempt

if TYPE_CHECKING:
    from examgen.typing import UserRequest


def own_attempt(request: UserRequest, attempt_id: uuid.UUID) -> Attempt:
    """The person's own attempt with its version, but without the key.

    Pages of takers are built from the paper alone, so what they show cannot even be
    the key by mistake. Everybody else's attempts do not exist for them.
    """
    attempts = Attempt.objects.for_user(request.user).with_paper()
    return get_object_or_404(attempts, id=attempt_id)
