"""What a person may see of an attempt, and when. Nothing about a key gets round this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.models import User
from exams.models import ExamVersion
from exams.policy import Release
from scoring.models import Attempt, Grade
from scoring.services.entitlements import entitlement
from scoring.states import AttemptState

_TAKEN = "is_taken_now"


class What(StrEnum):
    """The score; one's own answers and which of them were right; the key; the board."""

    SCORE = "score"
    ANSWERS = "answers"
    KEY = "key"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class Promise:
    """When results come: `at` where a date is known, None where it is not."""

    release: Release
    at: datetime | None


def can_see(attempt: Attempt, what: What, person: User, at: datetime) -> bool:
    """Whether `person` may see this at `at`; needs version and exam at hand.

    The exam's owner sees everything. The student sees nothing of an attempt that is
    open or was taken out. The score waits until it is complete, and the key while they
    have or could start another attempt: it would tell them the answers.
    """
    if attempt.version.exam.owner_id == person.id:
        return True
    if attempt.user_id != person.id or attempt.state != AttemptState.CLOSED:
        return False
    if not released(attempt.version, at):
        return False
    match what:
        case What.SCORE:
            return is_graded(attempt)
        case What.KEY:
            return not _could_use_it(attempt, person, at)
        case What.ANSWERS | What.BOARD:
            return True


def released(version: ExamVersion, at: datetime) -> bool:
    """Whether results of this exam are out at `at`, for those who have handed in."""
    if version.released_at is not None and version.released_at <= at:
        return True
    rules = version.rules
    match rules.release:
        case Release.AT_SUBMIT:
            return True
        case Release.ON_DATE:
            due = rules.release_at is not None and rules.release_at <= at
            return due and (_has_no_end(version) or _is_over(version, at))
        case Release.MANUAL:
            return False
        case Release.AFTER_CLOSE:
            return _is_over(version, at)


def promise(version: ExamVersion) -> Promise:
    """Say when results come, for those who wait for them."""
    rules = version.rules
    # Closed early, the end that was planned says nothing any more.
    planned = version.closes_at if version.closed_at is None else None
    match rules.release:
        case Release.ON_DATE:
            # The end may have been moved past the date.
            ends = [at for at in (rules.release_at, planned) if at]
            return Promise(rules.release, max(ends, default=None))
        case Release.AFTER_CLOSE:
            return Promise(rules.release, planned)
        case Release.AT_SUBMIT | Release.MANUAL:
            return Promise(rules.release, None)


def latest_grade(attempt: Attempt) -> Grade | None:
    """The revision that counts; None while the attempt is open.

    Nothing is asked for where the grades of many attempts were fetched at once.
    """
    return max(attempt.grades.all(), key=lambda grade: grade.revision, default=None)


def is_graded(attempt: Attempt) -> bool:
    grade = latest_grade(attempt)
    return grade is not None and grade.complete


def _is_over(version: ExamVersion, at: datetime) -> bool:
    """Whether nobody takes it any more: with more time one may outlast the doors."""
    return _doors_are_shut(version, at) and not _somebody_is_taking(version)


def _has_no_end(version: ExamVersion) -> bool:
    """Open for good: a date is all that results could wait for."""
    return version.closes_at is None and version.closed_at is None


def _doors_are_shut(version: ExamVersion, at: datetime) -> bool:
    if version.closed_at is not None:
        return True
    return version.closes_at is not None and version.closes_at <= at


def foresee(versions: Iterable[ExamVersion]) -> None:
    """Ask once for many exams whether somebody takes them; `can_see` asks no more.

    For lists that are shown at once: what was found is kept with each version.
    """
    found = list(versions)
    running = Attempt.objects.filter(version__in=found, state=AttemptState.OPEN)
    taken = set(running.order_by().values_list("version", flat=True).distinct())
    for version in found:
        setattr(version, _TAKEN, version.pk in taken)


def foresee_one(version: ExamVersion, *, taken: bool) -> None:
    """The same for whoever has asked along with something else."""
    setattr(version, _TAKEN, taken)


def _somebody_is_taking(version: ExamVersion) -> bool:
    """Accommodations and extensions outlive the window: open is who is not closed."""
    if (foreseen := getattr(version, _TAKEN, None)) is not None:
        return bool(foreseen)
    return Attempt.objects.filter(version=version, state=AttemptState.OPEN).exists()


def _could_use_it(attempt: Attempt, person: User, at: datetime) -> bool:
    """Whoever left the course could as well: they may come back at any time."""
    asked = entitlement(user=person, version=attempt.version, at=at)
    another = asked.attempts_left > 0 and not _doors_are_shut(attempt.version, at)
    return asked.attempt is not None or another
