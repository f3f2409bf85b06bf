"""Answers that come after the end: kept apart, not graded, and not lost either."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from scoring.models import Attempt, LateAnswer
from scoring.protocol import Item
from scoring.responses import ResponseError
from scoring.saving import Answered, Outcome, check

# More than a person could give: beyond it somebody only wants to fill the disk.
_MOST = 500

_Known = tuple[str, int, str]


def keep_late(
    held: Attempt, items: Sequence[Item], received_at: datetime
) -> tuple[Answered, ...]:
    """Keep what came after the end of an attempt whose row is held.

    What the snapshot or an earlier late answer says already is no other answer: a tab
    only sent it again.
    """
    sheets = {sheet["id"]: sheet for sheet in held.version.questions}
    kept = held.late.values_list("question", "version", "value") if items else ()
    known = {_known(str(name), version, value) for name, version, value in kept}
    snapshot = held.snapshot or {}
    replies, late = [], []
    for item in items:
        try:
            checked = check(sheets, item)
        except ResponseError as error:
            replies.append(Answered(item.question, Outcome.INVALID, reason=error.code))
            continue
        version, value = snapshot.get(item.question, (0, None))
        this = _known(item.question, checked.version or 0, checked.value)
        if this not in known and this != _known(item.question, version, value):
            if len(known) >= _MOST:
                bad = Answered(item.question, Outcome.INVALID, reason="too_many")
                replies.append(bad)
                continue
            known.add(this)
            late.append(_row(held, checked, received_at))
        replies.append(Answered(item.question, Outcome.CLOSED, version, value))
    LateAnswer.objects.bulk_create(late)
    return tuple(replies)


def kept(attempt: Attempt) -> QuerySet[LateAnswer]:
    """What came after the end of an attempt, the newest first: for its educator."""
    rows: QuerySet[LateAnswer] = LateAnswer.objects.filter(attempt=attempt)
    return rows.order_by("-received_at", "-pk")


def _row(held: Attempt, item: Item, received_at: datetime) -> LateAnswer:
    return LateAnswer(
        attempt=held,
        question=uuid.UUID(item.question),
        version=item.version or 0,
        value=item.value,
        client_at=item.client_at,
        received_at=received_at,
    )


def _known(question: str, version: int, value: Any) -> _Known:
    return question, version, json.dumps(value, sort_keys=True)
