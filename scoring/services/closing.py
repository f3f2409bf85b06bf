"""The end of an attempt: by the student, by the clock, or by staff, and once.

Whoever saves or closes holds the attempt's row first, so that a close waits for saves
in flight and a save that comes after it finds the attempt over. Lock order everywhere:
attempt, then grade, then board.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import gathered
from exams.models import ExamVersion
from scoring.deadlines import GRACE
from scoring.models import Answer, Attempt
from scoring.querysets import AttemptQuerySet
from scoring.services import grading, lifecycle
from scoring.services.patience import Patience
from scoring.services.receipts import receipt_of
from scoring.states import AttemptState, ClosedBy, IllegalMoveError

log = structlog.get_logger(__name__)

# Their rows are held together for about a tenth of a second.
_BATCH = 100
_patience = Patience()

# As `Attempt.snapshot`: question ids with version and value.
Snapshot = dict[str, list[Any]]


class RefusedError(Exception):
    """What was asked for may not be done; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def close_if_over(*, attempt: Attempt, at: datetime) -> Attempt:
    """Close an attempt whose time is over at `at`; whoever comes first does it."""
    if not is_over(attempt, at):
        return attempt
    with transaction.atomic():
        held = hold(attempt)
        if is_over(held, at):
            close(held, by=closer(held), at=now())
    return held


def close_expired() -> int:
    """Close every attempt whose time is over, many in a transaction.

    One that cannot be closed is logged and left for later, each time for longer; it never
    stands in the way of the others. Several may do this at once: each begins somewhere else and
    goes round.
    """
    at, begin = now(), uuid.uuid4()
    waiting = Attempt.objects.expired(at - GRACE).order_by("pk")
    return sum(
        _close_all(part)
        for part in (waiting.filter(pk__gt=begin), waiting.filter(pk__lte=begin))
    )


def _close_all(waiting: AttemptQuerySet) -> int:
    closed = 0
    versions: dict[uuid.UUID, ExamVersion] = {}
    while batch := list(waiting.values_list("pk", flat=True)[:_BATCH]):
        due = [row for row in batch if _patience.is_due(row)]
        closed += _close_each(waiting, due, versions)
        # By primary key, so that one that stays open is passed by, not met again.
        waiting = waiting.filter(pk__gt=batch[-1])
    return closed


def _close_each(
    waiting: AttemptQuerySet,
    rows: Sequence[uuid.UUID],
    versions: dict[uuid.UUID, ExamVersion],
) -> int:
    """Close them together: for 5,000, that takes a fifth of one after the other.

    If that fails, each is closed by itself, so that only what is broken stays open.
    """
    try:
        with transaction.atomic():
            closed = _close_together(waiting.filter(pk__in=rows), versions)
    except Exception as error:
        if len(rows) > 1:
            return sum(_close_each(waiting, [row], versions) for row in rows)
        # Not for an exam that was reopened meanwhile.
        if not isinstance(error, IllegalMoveError):
            log.exception("attempt_not_closed", attempt=str(rows[0]))
        _patience.missed(rows[0])
        return 0
    for row in closed:
        _patience.done(row)
    return len(closed)


def _close_together(
    waiting: AttemptQuerySet, versions: dict[uuid.UUID, ExamVersion]
) -> list[uuid.UUID]:
    """Close those that nobody else is at; which these were.

    The rows are held before their answers are read. What is held by a save, or by
    another worker, is left for the next round.
    """
    held = list(waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)))
    _add_versions(held, versions)
    snapshots = _snapshots(held)
    with gathered():
        for attempt in held:
            _move(
                attempt,
                snapshots[attempt.pk],
                by=closer(attempt),
                at=now(),
                among=_still_over(attempt),
            )
        grading.grade_closed(held)
    return [attempt.pk for attempt in held]


def _add_versions(
    attempts: Sequence[Attempt], known: dict[uuid.UUID, ExamVersion]
) -> None:
    """Give each its exam; paper and key never change and are read once a round."""
    wanted = {attempt.version_id for attempt in attempts} - known.keys()
    if wanted:
        known.update(ExamVersion.objects.in_bulk(wanted))
    for attempt in attempts:
        attempt.version = known[attempt.version_id]


def void(*, attempt: Attempt, reason: str, actor: User) -> Attempt:
    """Take an attempt out, with the reason; it is kept, and counts for nothing."""
    with transaction.atomic():
        held = hold(attempt)
        lifecycle.move_attempt(
            held,
            AttemptState.VOID,
            event="attempt.voided",
            actor=actor.id,
            void_reason=reason.strip()[:500],
        )
    return held


def hold(attempt: Attempt) -> Attempt:
    """Lock the attempt's row until the end of the transaction and read it anew."""
    held = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    # Paper and key never change, so they need not be read again. The doors do, and
    # they end an attempt that has no deadline.
    held.version = attempt.version
    if held.deadline is None:
        held.version.refresh_from_db(fields=["closes_at", "closed_at"])
    return held


def is_over(attempt: Attempt, at: datetime) -> bool:
    """Whether an open attempt takes no more answers that were received at `at`.

    One without a deadline ends with its exam.
    """
    if attempt.state != AttemptState.OPEN:
        return False
    return has_run_out(attempt.deadline or attempt.version.closed_at, at)


def has_run_out(end: datetime | None, at: datetime) -> bool:
    """Whether the time that goes to `end` is over, and what was sent by then is here."""
    return end is not None and end + GRACE < at


def end_of(attempt: Attempt) -> datetime | None:
    """When an attempt ends as things stand: what its student is told.

    One without a deadline ends with its exam, which may be given an end at any time.
    """
    doors = attempt.version
    return attempt.deadline or doors.closed_at or doors.closes_at


def closer(attempt: Attempt) -> ClosedBy:
    """Who ended an attempt whose time is over."""
    return ClosedBy.STAFF if attempt.deadline is None else ClosedBy.CLOCK


def close(
    held: Attempt, *, by: ClosedBy, at: datetime, actor: uuid.UUID | None = None
) -> None:
    """Close and grade an attempt whose row is held; `at` is told as its end."""
    with gathered():
        _move(held, _snapshots([held])[held.pk], by=by, at=at, actor=actor)
        grading.grade_closed([held])


def _move(
    attempt: Attempt,
    snapshot: Snapshot,
    *,
    by: ClosedBy,
    at: datetime,
    actor: uuid.UUID | None = None,
    among: AttemptQuerySet | None = None,
) -> None:
    lifecycle.move_attempt(
        attempt,
        AttemptState.CLOSED,
        event="attempt.closed",
        actor=actor,
        facts={"by": by.value},
        among=among,
        closed_at=at,
        closed_by=by,
        snapshot=snapshot,
        receipt=receipt_of(attempt.id, snapshot),
    )


def _still_over(attempt: Attempt) -> AttemptQuerySet | None:
    """One without a deadline, unless its exam was reopened since it was read."""
    if attempt.deadline is not None:
        return None
    over = ExamVersion.objects.filter(closed_at__lt=now() - GRACE)
    return Attempt.objects.filter(version__in=over.filter(pk=attempt.version_id))


def _snapshots(attempts: Sequence[Attempt]) -> dict[uuid.UUID, Snapshot]:
    """The answers of each, as `Attempt.snapshot` keeps them, in one query."""
    found: dict[uuid.UUID, Snapshot] = {attempt.pk: {} for attempt in attempts}
    rows = Answer.objects.filter(attempt__in=attempts, version__gt=0)
    for pk, question, version, value in rows.order_by("question").values_list(
        "attempt_id", "question", "version", "value"
    ):
        found[pk][str(question)] = [version, value]
    return found
