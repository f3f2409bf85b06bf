"""The only code that changes the state of an attempt.

Every move is one conditional UPDATE, so of two that race one wins and the other hears
of it, and every move is told as an event in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from examgen.jobs.events import Fact, record
from scoring.models import Attempt
from scoring.querysets import AttemptQuerySet
from scoring.states import ATTEMPT_MOVES, AttemptState, IllegalMoveError


def move_attempt(
    attempt: Attempt,
    to: AttemptState,
    *,
    event: str,
    actor: uuid.UUID | None = None,
    facts: Mapping[str, Fact] | None = None,
    among: AttemptQuerySet | None = None,
    **fields: Any,
) -> None:
    """Move an attempt and set the fields that belong to its new state.

    Only if it is `among` those rows, where they are given; raises IllegalMoveError
    otherwise, as for a state that may not follow.
    """
    sources = [state for state, targets in ATTEMPT_MOVES.items() if to in targets]
    changes = {"state": to, **fields}
    rows = Attempt.objects.all() if among is None else among
    mine = rows.filter(pk=attempt.pk, state__in=sources)
    if not mine.update(**changes):
        raise IllegalMoveError(f"{attempt.pk}: {attempt.state} -> {to}")
    for name, value in changes.items():
        setattr(attempt, name, value)
    record(
        event,
        attempt,
        actor=actor,
        version=str(attempt.version_id),
        **(facts or {}),
    )
