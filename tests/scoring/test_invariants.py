"""Each invariant holds for what the services do, and names the row when it does not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from accounts.models import Course, User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.models import Job
from examgen.jobs.states import OPEN, JobState
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Counting
from scoring import invariants
from scoring.deadlines import GRACE
from scoring.models import (
    Answer,
    AnswerLog,
    Attempt,
    Grade,
    ScoreboardEntry,
    ScoreCount,
)
from scoring.protocol import Item
from scoring.services import attempts as services
from scoring.services import closing
from scoring.states import AttemptState, ClosedBy
from tests.factories import attempts, people, versions
from tests.factories.lectures import run_jobs
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


Table = list[tuple[Callable[[Attempt], None], str, str]]
CLOSED: Table = [
    (lose_a_logged_answer, "I1", "is lost: snapshot has 1"),
    (tell_the_close_again, "I2", "closed, and told 2 times"),
    (lose_the_grade, "I3", "grades have the revisions []"),
    (leave_a_gap_in_the_grades, "I3", "grades have the revisions [2]"),
    (answer_too_late, "I7", "came after the deadline"),
    (log_too_late, "I7", "came after the deadline"),
    (close_too_early, "I7", "closed before its deadline"),
]


@pytest.mark.parametrize(("breaking", "invariant", "problem"), CLOSED)
def test_a_broken_closed_attempt_is_named(
    closed: Attempt, breaking: Callable[[Attempt], None], invariant: str, problem: str
) -> None:
    breaking(closed)
    ((found, row, said),) = broken()
    assert (found, row) == (invariant, f"attempt {closed.id}")
    assert said.endswith(problem)


RUNNING: Table = [
    (lose_a_logged_answer, "I1", "is lost: stored is 1"),
    (lose_an_answer, "I1", "is lost: stored is -1"),
    (tell_the_close_again, "I2", "told as closed, and open"),
]


def test_an_attempt_that_stays_open_after_its_time_is_named(running: Attempt) -> None:
    for late, found in ((59, []), (61, ["I2"])):
        end = now() - GRACE - timedelta(seconds=late)
        Attempt.objects.update(started_at=end - timedelta(hours=1), deadline=end)
        Answer.objects.update(saved_at=end)
        AnswerLog.objects.update(received_at=end)
        assert [name for name, _, _ in broken()] == found
    ((_, row, said),) = broken()
    assert row == f"attempt {running.id}"
    assert said == f"open, and its time was over at {end}"
    assert closing.close_expired() == 1
    assert broken() == []


def test_an_attempt_without_an_end_of_its_own_ends_with_its_exam(
    educator: User, student: User
) -> None:
    version = versions.version(educator, open_ended=True)
    attempt = attempts.started(version, student)
    ExamVersion.objects.update(closed_at=now() - timedelta(minutes=2))
    row = f"attempt {attempt.id}"
    assert broken() == [("I2", row, "open, and its time was over at the close")]


@pytest.mark.parametrize(("breaking", "invariant", "problem"), RUNNING)
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


# Boards


@pytest.fixture
def board(educator: User, course: Course, student: User, classmate: User) -> Board:
    """Three attempts of two people, of which the best count."""
    kinds = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)
    version = versions.version(educator, course=course, kinds=kinds, attempts=3)
    best = attempts.closed(version, student)
    other = attempts.closed(version, student, {})
    alone = attempts.closed(version, classmate, {})
    run_jobs()
    return Board(version, best, other, alone)


@dataclass(frozen=True, slots=True)
class Board:
    version: ExamVersion
    best: Attempt
    other: Attempt
    alone: Attempt

    @property
    def entry(self) -> QuerySet[ScoreboardEntry]:
        return ScoreboardEntry.objects.filter(attempt=self.best)

    @property
    def person(self) -> str:
        return f"person {self.best.user_id}"


def change_points(board: Board) -> list[str]:
    board.entry.update(points=1)
    return [
        f"{board.person} has 1 of 2 by {board.best.id}, not 2 of 2 by {board.best.id}",
        "counts {'0': 1, '2': 1}, not {'0': 1, '1': 1}",
    ]


def name_another_attempt(board: Board) -> list[str]:
    board.entry.update(attempt=board.other)
    return [
        f"{board.person} has 2 of 2 by {board.other.id}, not 2 of 2 by {board.best.id}"
    ]


def miscount_attempts(board: Board) -> list[str]:
    board.entry.update(attempts=3)
    return [
        f"{board.person} has 2 of 3 by {board.best.id}, not 2 of 2 by {board.best.id}"
    ]


def lose_an_entry(board: Board) -> list[str]:
    board.entry.delete()
    return [
        f"{board.person} is missing",
        "counts {'0': 1, '2': 1}, not {'0': 1}",
    ]


def grade_anew_and_tell_nobody(board: Board) -> list[str]:
    grade = board.alone.grades.get()
    grade.pk, grade.revision, grade.points = uuid.uuid4(), 2, Decimal("0.5")
    grade.save(force_insert=True)
    alone = board.alone
    return [
        f"person {alone.user_id} has 0 of 1 by {alone.id}, not 0.5 of 1 by {alone.id}"
    ]


def take_out_and_tell_nobody(board: Board) -> list[str]:
    Attempt.objects.filter(pk=board.alone.pk).update(state=AttemptState.VOID)
    return [f"person {board.alone.user_id} has no graded attempt"]


def put_somebody_on_it(board: Board) -> list[str]:
    stranger = people.student("zoe@example.org")
    attempt = attempts.started(
        versions.version(board.version.exam.owner, exam=board.version.exam), stranger
    )
    ScoreboardEntry.objects.create(
        version=board.version, user=stranger, attempt=attempt, points=2
    )
    return [
        f"person {stranger.id} has no graded attempt",
        "counts {'0': 1, '2': 1}, not {'0': 1, '2': 2}",
    ]


def count_one_too_many(board: Board) -> list[str]:
    ScoreCount.objects.filter(points=2).update(people=2)
    return ["counts {'0': 1, '2': 2}, not {'0': 1, '2': 1}"]


def lose_a_count(board: Board) -> list[str]:
    ScoreCount.objects.filter(points=2).delete()
    return ["counts {'0': 1}, not {'0': 1, '2': 1}"]


BREAKS: list[Callable[[Board], list[str]]] = [
    change_points,
    name_another_attempt,
    miscount_attempts,
    lose_an_entry,
    grade_anew_and_tell_nobody,
    take_out_and_tell_nobody,
    put_somebody_on_it,
    count_one_too_many,
    lose_a_count,
]


@pytest.mark.parametrize("breaking", BREAKS)
def test_a_broken_board_is_named(
    board: Board, breaking: Callable[[Board], list[str]]
) -> None:
    assert broken() == []
    problems = breaking(board)
    row = f"board {board.version.id}"
    assert broken() == [("I4", row, problem) for problem in problems]


@pytest.mark.parametrize("counting", Counting)
def test_a_board_is_sound_whichever_attempt_counts(
    educator: User, course: Course, student: User, counting: Counting
) -> None:
    kinds = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)
    version = versions.version(
        educator, course=course, kinds=kinds, attempts=3, counting=counting
    )
    for answers in (None, {}, dict([*right_answers(version).items()][:1])):
        attempts.closed(version, student, answers)
    run_jobs()
    assert ScoreboardEntry.objects.count() == 1
    assert broken() == []


def test_a_board_that_is_to_be_brought_up_to_date_is_not_broken(
    board: Board, classmate: User
) -> None:
    attempts.closed(board.version, classmate)
    jobs = Job.objects.filter(consumer="scoring.update_scoreboard")
    assert broken() == []
    for state in OPEN:
        jobs.update(state=state)
        assert broken() == []
    # A job that has failed for good brings nothing up to date.
    jobs.update(state=JobState.DEAD)
    assert [name for name, _, _ in broken()] == ["I4"]
    jobs.update(state=JobState.QUEUED)
    run_jobs()
    assert broken() == []


def test_every_invariant_is_broken_by_a_test() -> None:
    names = {name for _, name, _ in CLOSED + RUNNING} | {"I4"}
    said = [check.__doc__ or "" for check in invariants.INVARIANTS]
    assert names == {doc.partition(":")[0] for doc in said}
