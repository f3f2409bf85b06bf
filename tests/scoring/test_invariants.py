"""Each invariant holds for what the services do, and names the row when it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from exams.models import ExamVersion
from scoring import invariants
from scoring.deadlines import GRACE
from scoring.models import Answer, AnswerLog, Attempt, Grade
from scoring.protocol import Item
from scoring.services import attempts as services
from scoring.services import closing
from scoring.states import ClosedBy
from tests.factories import attempts
from tests.factories.versions import right_answers


@pytest.fixture
def closed(version: ExamVersion, student: User) -> Attempt:
    return attempts.closed(version, student)


@pytest.fixture
def running(version: ExamVersion, classmate: User) -> Attempt:
    attempt = attempts.started(version, classmate)
    attempts.saved(attempt, right_answers(version))
    return attempt


def broken() -> list[tuple[str, str, str]]:
    return [
        (violation.invariant, violation.row, violation.problem)
        for invariant in invariants.INVARIANTS
        for violation in invariant()
    ]


def test_all_hold_whatever_the_services_do(
    educator: User, version: ExamVersion, closed: Attempt, running: Attempt
) -> None:
    question = next(iter(right_answers(version)))
    for number in (2, 1, 3):
        item = Item(question, number, None)
        services.save(attempt=running, items=[item], tab="", received_at=now())
    services.save(
        attempt=closed, items=[Item(question, 2, None)], tab="", received_at=now()
    )
    assert broken() == []
    Attempt.objects.filter(pk=running.pk).update(deadline=now() - GRACE)
    Answer.objects.filter(attempt=running).update(saved_at=now() - GRACE)
    AnswerLog.objects.filter(attempt=running).update(received_at=now() - GRACE)
    assert closing.close_expired() == 1
    closing.void(attempt=closed, reason="Fire alarm", actor=educator)
    assert broken() == []


def lose_a_logged_answer(attempt: Attempt) -> None:
    entry = attempt.log.first()
    entry.pk, entry.version = None, 9
    entry.save()


def lose_an_answer(attempt: Attempt) -> None:
    attempt.answers.all()[:1].get().delete()


def tell_the_close_again(attempt: Attempt) -> None:
    record("attempt.closed", attempt)


def lose_the_grade(attempt: Attempt) -> None:
    Grade.objects.filter(attempt=attempt).delete()


def leave_a_gap_in_the_grades(attempt: Attempt) -> None:
    Grade.objects.filter(attempt=attempt).update(revision=2)


def answer_too_late(attempt: Attempt) -> None:
    row = attempt.answers.first()
    late = attempt.deadline + GRACE + timedelta(seconds=1)
    Answer.objects.filter(pk=row.pk).update(saved_at=late)


def log_too_late(attempt: Attempt) -> None:
    row = attempt.log.first()
    late = attempt.deadline + GRACE + timedelta(seconds=1)
    AnswerLog.objects.filter(pk=row.pk).update(received_at=late)


def close_too_early(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(closed_by=ClosedBy.CLOCK)


@pytest.mark.parametrize(
    ("breaking", "invariant", "problem"),
    [
        (lose_a_logged_answer, "I1", "is lost: snapshot has 1"),
        (tell_the_close_again, "I2", "closed, and told 2 times"),
        (lose_the_grade, "I3", "grades have the revisions []"),
        (leave_a_gap_in_the_grades, "I3", "grades have the revisions [2]"),
        (answer_too_late, "I7", "came after the deadline"),
        (log_too_late, "I7", "came after the deadline"),
        (close_too_early, "I7", "closed before its deadline"),
    ],
)
def test_a_broken_closed_attempt_is_named(
    closed: Attempt, breaking: Callable[[Attempt], None], invariant: str, problem: str
) -> None:
    breaking(closed)
    ((found, row, said),) = broken()
    assert (found, row) == (invariant, f"attempt {closed.id}")
    assert said.endswith(problem)


@pytest.mark.parametrize(
    ("breaking", "invariant", "problem"),
    [
        (lose_a_logged_answer, "I1", "is lost: stored is 1"),
        (lose_an_answer, "I1", "is lost: stored is -1"),
        (tell_the_close_again, "I2", "told as closed, and open"),
    ],
)
def test_a_broken_open_attempt_is_named(
    running: Attempt, breaking: Callable[[Attempt], None], invariant: str, problem: str
) -> None:
    breaking(running)
    ((found, row, said),) = broken()
    assert (found, row) == (invariant, f"attempt {running.id}")
    assert said.endswith(problem)


def test_a_receipt_of_other_answers_is_found(
    version: ExamVersion, student: User
) -> None:
    """Closed by hand with the wrong receipt: afterwards the database would refuse."""
    attempt = attempts.started(version, student)
    record("attempt.closed", attempt)
    Attempt.objects.update(
        state="closed",
        closed_at=now(),
        closed_by=ClosedBy.STUDENT,
        snapshot={},
        receipt="0" * 64,
    )
    assert ("I2", f"attempt {attempt.id}", "receipt is of other answers") in broken()
