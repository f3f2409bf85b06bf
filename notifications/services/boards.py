"""News of a scoreboard, coalesced: often it changes, seldom its educator is told.

While the exam is open at most one message in fifteen minutes; the first change is told
at once. After the close one message with everything, once the last attempts are in.
Whatever is to be told later is a job that starts later, one for each moment.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db.models import Max

from examgen.jobs.clock import now
from examgen.jobs.runner import Child, Run
from exams.models import ExamVersion
from notifications.messages import MESSAGES
from notifications.models import Delivery
from notifications.services.announce import fan_out
from scoring.models import Attempt, ScoreboardEntry
from scoring.states import AttemptState

TELL_BOARD = "notifications.tell_board"
INTERVAL = timedelta(minutes=15)
# Attempts that the clock closes are graded and ranked soon after.
SETTLING = timedelta(seconds=60)

_NEWS = "scoreboard_updated"


def tell(*, run: Run) -> None:
    """Tell of the board now, or later, or not at all, whichever job asks."""
    with run.finish():
        # One at a time for each exam: two that read at once would both tell.
        versions = ExamVersion.objects.select_for_update(no_key=True)
        version = versions.defer("paper", "key").filter(id=run.subject).first()
        if version is None:
            return
        at = now()
        due = _due(version, at, run.event.created_at)
        if due is None:
            return
        if due > at:
            key = f"board:{version.id}:{math.ceil(due.timestamp())}"
            run.enqueue_many([Child(key, version.id, TELL_BOARD, due)])
            return
        _tell(run, version)


def _tell(run: Run, version: ExamVersion) -> None:
    about = {"final": _closing(version)} if version.closed_at is not None else {}
    notices = [
        replace(notice, facts={**notice.facts, **about})
        for notice in MESSAGES[_NEWS].audience(run.event)
    ]
    fan_out(run, notices)


def _due(version: ExamVersion, at: datetime, changed: datetime) -> datetime | None:
    """When a change is to be told, which may be now; None when it is told already."""
    if not ScoreboardEntry.objects.filter(version=version).exists():
        return None
    told = Delivery.objects.filter(message=_NEWS, subject_id=version.id)
    if (
        version.closed_at is not None
        and not told.filter(facts__final=_closing(version)).exists()
    ):
        return max(at, _settled(version, at))
    last = told.aggregate(last=Max("created_at"))["last"]
    if last is None:
        return at
    # The mail reads the board when it is sent, so it had this change in it.
    return max(at, last + INTERVAL) if changed > last else None


def _settled(version: ExamVersion, at: datetime) -> datetime:
    """When the last attempt is closed and counts, as far as one knows now."""
    assert version.closed_at is not None
    at_work = Attempt.objects.filter(version=version, state=AttemptState.OPEN)
    if not at_work.exists():
        return version.closed_at + SETTLING
    last = at_work.aggregate(last=Max("deadline"))["last"]
    return max(at, last or at) + SETTLING


def _closing(version: ExamVersion) -> str:
    """Names this close: an exam that was reopened is closed anew."""
    assert version.closed_at is not None
    return version.closed_at.astimezone(UTC).isoformat()
