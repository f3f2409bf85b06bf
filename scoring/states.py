"""The states of an attempt, and which may follow which.

`scoring.services.lifecycle` is the only code that assigns them.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    """`open` from the start to the one close; `void` was taken out by staff."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Handed in")
    VOID = "void", _("Void")


class ClosedBy(models.TextChoices):
    STUDENT = "student", _("the student")
    CLOCK = "clock", _("the clock")
    STAFF = "staff", _("the educator")


ATTEMPT_MOVES: dict[AttemptState, tuple[AttemptState, ...]] = {
    AttemptState.OPEN: (AttemptState.CLOSED, AttemptState.VOID),
    AttemptState.CLOSED: (AttemptState.VOID,),
    AttemptState.VOID: (),
}


class IllegalMoveError(Exception):
    """A state was to follow one that it may not follow."""
