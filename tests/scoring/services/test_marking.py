from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import Course, User
from examgen.jobs.models import Event
from exams.content import Kind
from exams.models import ExamVersion
from scoring.models import Attempt, Grade
from scoring.services import marking
from scoring.services.marking import MarkConflictError, MarkRefusedError
from tests.factories import attempts, courses, people, versions
from tests.factories.versions import sheet

D = Decimal


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    kinds = [Kind.SINGLE_CHOICE, Kind.ESSAY]
    return versions.version(educator, course=course, kinds=kinds)


@pytest.fixture
def essay(version: ExamVersion) -> str:
    return str(sheet(version, Kind.ESSAY)["id"])


@pytest.fixture
def attempt(version: ExamVersion, student: User) -> Attempt:
    return attempts.closed(version, student)


def mark(
    attempt: Attempt, essay: str, actor: User, points: str = "0.50", revision: int = 1
) -> Grade:
    return marking.mark_by_hand(
        attempt=attempt,
        question=essay,
        points=D(points),
        comment="  Names both stages. ",
        actor=actor,
        revision=revision,
    )


def graded() -> list[dict[str, object]]:
    return [event.data for event in Event.objects.filter(name="attempt.graded")]


def test_a_mark_completes_the_grade_and_is_told(
    version: ExamVersion, attempt: Attempt, essay: str, educator: User
) -> None:
    assert graded() == []
    grade = mark(attempt, essay, educator)
    assert (grade.revision, grade.points, grade.complete) == (2, D("1.5"), True)
    assert grade.max_points == D(2)
    given = grade.marks[essay]
    assert (given["points"], given["by"], given["comment"]) == (
        "0.50",
        "person",
        "Names both stages.",
    )
    assert graded() == [{"version": str(version.id), "revision": 2}]
    assert Grade.objects.get(revision=1).complete is False


def test_a_mark_may_be_changed_and_both_stay(
    attempt: Attempt, essay: str, educator: User
) -> None:
    mark(attempt, essay, educator, "1")
    mark(attempt, essay, educator, "0", revision=2)
    points = list(Grade.objects.values_list("revision", "points"))
    assert points == [(1, D(1)), (2, D(2)), (3, D(1))]


def test_who_has_not_seen_the_newest_grade_is_told(
    attempt: Attempt, essay: str, educator: User
) -> None:
    newest = mark(attempt, essay, educator)
    with pytest.raises(MarkConflictError) as caught:
        mark(attempt, essay, educator, "0")
    assert caught.value.grade == newest
    assert Grade.objects.count() == 2


@pytest.mark.parametrize(
    ("points", "code"), [("1.01", "too_many_points"), ("-0.01", "negative_points")]
)
def test_points_that_cannot_be_are_refused(
    attempt: Attempt, essay: str, educator: User, points: str, code: str
) -> None:
    with pytest.raises(MarkRefusedError) as caught:
        mark(attempt, essay, educator, points)
    assert caught.value.code == code
    assert Grade.objects.count() == 1


def test_an_unknown_question_is_refused(attempt: Attempt, educator: User) -> None:
    with pytest.raises(MarkRefusedError):
        mark(attempt, "00000000-0000-0000-0000-000000000000", educator)


def test_the_queue_goes_question_by_question(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    version = versions.version(educator, course=course, kinds=[Kind.ESSAY] * 2)
    first = attempts.closed(version, student)
    second = attempts.closed(version, classmate)
    queue = marking.queue(educator)
    assert [(w.place, w.attempt) for w in queue] == [
        (1, first),
        (1, second),
        (2, first),
        (2, second),
    ]
    assert queue[0].answer == "Light first, then the Calvin cycle."


def test_nobody_grades_for_another_educator(
    attempt: Attempt, colleague: User, educator: User
) -> None:
    assert marking.queue(colleague) == []
    assert not marking.is_held_by(colleague, attempt.pk)
    assert marking.is_held_by(educator, attempt.pk)


def test_the_queue_is_read_in_as_many_queries_however_long_it_is(
    version: ExamVersion,
    course: Course,
    educator: User,
    attempt: Attempt,
    django_assert_num_queries,
) -> None:
    with django_assert_num_queries(2):
        marking.queue(educator)
    for number in range(4):
        user = people.student(f"s{number}@example.org")
        courses.enrol(course, user)
        attempts.closed(version, user)
    with django_assert_num_queries(2):
        assert len(marking.queue(educator)) == 5
