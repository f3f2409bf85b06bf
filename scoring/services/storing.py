"""Answers of an attempt whose row is held: read them, merge, write.

Whoever calls these holds the row (`closing.hold`), so nothing changes in between.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from scoring.models import Answer, AnswerLog, Attempt
from scoring.protocol import Item
from scoring.saving import Merge, Stored, merge


def merged_with(held: Attempt, items: Sequence[Item]) -> Merge:
    sheets = {sheet["id"]: sheet for sheet in held.version.questions}
    asked = {item.question for item in items} & sheets.keys()
    return merge(sheets, stored_in(held, asked), items)


def stored_in(held: Attempt, questions: Iterable[str]) -> dict[str, Stored]:
    if not questions:
        return {}
    rows = held.answers.filter(question__in=list(questions))
    return {
        str(row.question): Stored(row.version, row.value, row.flagged) for row in rows
    }


def write(held: Attempt, merged: Merge, *, tab: str, received_at: datetime) -> None:
    if merged.changed:
        Answer.objects.bulk_create(
            [
                Answer(
                    attempt=held,
                    question=uuid.UUID(name),
                    version=answer.version,
                    value=answer.value,
                    flagged=answer.flagged,
                    saved_at=received_at,
                )
                for name, answer in merged.changed.items()
            ],
            update_conflicts=True,
            unique_fields=["attempt", "question"],
            update_fields=["version", "value", "flagged", "saved_at"],
        )
    if merged.accepted:
        AnswerLog.objects.bulk_create(
            AnswerLog(
                attempt=held,
                question=uuid.UUID(item.question),
                version=item.version or 0,
                value=item.value,
                tab=tab,
                client_at=item.client_at,
                received_at=received_at,
            )
            for item in merged.accepted
        )
        # Always later than before: by this a close tells that nothing was saved since.
        after = held.saved_at and held.saved_at + timedelta(microseconds=1)
        held.saved_at = max(received_at, after or received_at)
        held.save(update_fields=["saved_at"])
