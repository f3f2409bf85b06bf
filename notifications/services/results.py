"""Results are told once the student may see them, whatever brings that about.

By hand, at the close, on a date, or at once for an attempt graded after all that:
`can_see` decides, and a grade that was told is not told again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from examgen.jobs.clock import now
from examgen.jobs.runner import Child, Run
from exams.models import ExamVersion
from exams.policy import Release
from notifications.messages import MESSAGES, Notice
from notifications.services.announce import fan_out
from scoring.models import Attempt
from scoring.services.visibility import What, can_see
from scoring.states import AttemptState

TELL_RESULTS = "notifications.tell_results"
# The last attempts are closed and graded soon after their deadlines.
_SETTLING = timedelta(seconds=90)
_LOOK_AGAIN = timedelta(minutes=10)


def tell_one(*, run: Run) -> None:
    """An attempt has a new grade: tell its student, if they may see it now."""
    notices = _visible(run, now())
    with run.finish():
        fan_out(run, notices)


def tell_all(*, run: Run) -> None:
    """A published exam may have come to its release: tell all whom it concerns."""
    at = now()
    versions = ExamVersion.objects.defer("paper", "key")
    version = versions.filter(id=run.subject).first()
    if version is None:
        return
    notices = _visible(run, at)
    due = None if notices else _next_look(version, at)
    with run.finish():
        fan_out(run, notices)
        if due is not None:
            key = f"results:{version.id}:{due.timestamp():.0f}"
            run.enqueue_many([Child(key, version.id, TELL_RESULTS, due)])


def _visible(run: Run, at: datetime) -> list[Notice]:
    """Everybody whom the event concerns, if the first of them may see their score.

    All attempts of a published exam are released by the same policy; each is asked
    about again when its mail is sent.
    """
    notices = list(MESSAGES["result_released"].audience(run.event))
    if not notices:
        return []
    attempts = Attempt.objects.select_related("version__exam", "user")
    first = attempts.defer("version__paper", "version__key").get(id=notices[0].subject)
    return notices if can_see(first, What.SCORE, first.user, at) else []


def _next_look(version: ExamVersion, at: datetime) -> datetime | None:
    """When results may be visible by the clock alone; None when an event will tell."""
    rules = version.rules
    match rules.release:
        case Release.ON_DATE if rules.release_at is not None:
            return rules.release_at if rules.release_at > at else _over(version, at)
        case Release.AFTER_CLOSE:
            return _over(version, at)
    return None


def _over(version: ExamVersion, at: datetime) -> datetime | None:
    """When the last may be done of those who outlast the doors with more time."""
    at_work = Attempt.objects.filter(version=version, state=AttemptState.OPEN)
    if version.closed_at is None or not at_work.exists():
        return None
    last = at_work.aggregate(last=Max("deadline"))["last"]
    return max(last + _SETTLING, at + _SETTLING) if last else at + _LOOK_AGAIN
