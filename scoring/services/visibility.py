"""Who may see what of an attempt, and when: the one answer for every page and mail."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from exams.policy import Release
from scoring.states import AttemptState

if TYPE_CHECKING:
    from accounts.models import User
    from scoring.models import Attempt


class What(StrEnum):
    SCORE = "score"
    ANSWERS = "answers"
    KEY = "key"
    BOARD = "board"


def can_see(attempt: Attempt, what: What, person: User, at: datetime) -> bool:  # noqa: ARG001
    """Whether `person` may see this of the attempt at that time."""
    version = attempt.version
    if version.exam.owner_id == person.id:
        return True
    if attempt.user_id != person.id or attempt.state != AttemptState.CLOSED:
        return False
    rules = version.rules
    match rules.release:
        case Release.AT_SUBMIT:
            return True
        case Release.ON_DATE if rules.release_at is not None:
            due = rules.release_at <= at
        case Release.AFTER_CLOSE:
            open_ones = type(attempt).objects.filter(
                version=version, state=AttemptState.OPEN
            )
            due = version.closed_at is not None and not open_ones.exists()
        case _:
            due = False
    return due or (version.released_at is not None and version.released_at <= at)
