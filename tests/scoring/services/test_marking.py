from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import Course, User
from examgen.jobs.models import Event
from exams.content import Kind
from exams.models import ExamVersion
from scoring.models import Attempt, Grade
from scoring.services import closing, marking
from scoring.services.marking import MarkConflictError, MarkRefusedError, Written
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
    assert (caught.value.grade, caught.value.changed) == (newest, True)
    assert Grade.objects.count() == 2


def test_a_conflict_tells_another_answer_from_the_same(
    educator: User, course: Course, student: User
) -> None:
    version = versions.version(educator, course=course, kinds=[Kind.ESSAY] * 2)
    first, second = (str(sheet["id"]) for sheet in version.questions)
    attempt = attempts.closed(version, student)
    mark(attempt, first, educator)
    with pytest.raises(MarkConflictError) as caught:
        mark(attempt, second, educator)
    assert not caught.value.changed


def test_what_is_said_already_is_not_said_again(
    attempt: Attempt, essay: str, educator: User
) -> None:
    """A second click sends the revision of the first."""
    newest = mark(attempt, essay, educator)
    for revision in (1, 2):
        assert mark(attempt, essay, educator, "0.5", revision=revision) == newest
    assert (Grade.objects.count(), len(graded())) == (2, 1)


def test_what_was_taken_out_is_not_graded(
    attempt: Attempt, essay: str, educator: User
) -> None:
    closing.void(attempt=attempt, reason="x", actor=educator)
    with pytest.raises(MarkRefusedError):
        mark(attempt, essay, educator)
    assert marking.written(educator, attempt.pk, essay) is None


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


def grade_all(educator: User, version: ExamVersion) -> list[tuple[int, Attempt]]:
    """Grade what comes next until nothing waits: places and attempts in that order."""
    done = []
    while following := marking.next_of(version):
        here = marking.written(educator, *following)
        assert here is not None
        assert here.points is None
        done.append((here.place, here.attempt))
        mark(here.attempt, here.question, educator, revision=here.grade.revision)
    return done


def test_the_queue_goes_question_by_question(
    educator: User, course: Course, student: User, classmate: User
) -> None:
    kinds = [Kind.ESSAY, Kind.TRUE_FALSE, Kind.ESSAY]
    version = versions.version(educator, course=course, kinds=kinds)
    first = attempts.closed(version, student)
    second = attempts.closed(version, classmate)
    assert marking.left(version) == 4
    assert marking.first_of(educator, version.exam_id) == marking.next_of(version)
    assert grade_all(educator, version) == [
        (1, first),
        (1, second),
        (3, first),
        (3, second),
    ]
    assert marking.left(version) == 0
    assert marking.first_of(educator, version.exam_id) is None


def test_an_answer_comes_with_what_its_grader_needs(
    attempt: Attempt, essay: str, educator: User
) -> None:
    def here() -> Written:
        found = marking.written(educator, attempt.pk, essay)
        assert found is not None
        return found

    assert here().answer == "Light first, then the Calvin cycle."
    assert here().rubric == "One point for each stage."
    assert (here().points, here().comment, here().grade.revision) == (None, "", 1)
    mark(attempt, essay, educator)
    said = (here().points, here().comment, here().grade.revision)
    assert said == (D("0.50"), "Names both stages.", 2)


def test_what_a_machine_grades_is_no_answer_to_grade(
    version: ExamVersion, attempt: Attempt, educator: User
) -> None:
    single = sheet(version, Kind.SINGLE_CHOICE)["id"]
    assert marking.written(educator, attempt.pk, single) is None
    only = versions.version(educator, kinds=[Kind.TRUE_FALSE])
    assert (marking.next_of(only), marking.left(only)) == (None, 0)


def test_nobody_grades_for_another_educator(
    version: ExamVersion, attempt: Attempt, essay: str, colleague: User, educator: User
) -> None:
    assert marking.first_of(colleague, version.exam_id) is None
    assert marking.written(colleague, attempt.pk, essay) is None
    assert not marking.is_held_by(colleague, attempt.pk)
    assert marking.is_held_by(educator, attempt.pk)


def test_one_query_looks_through_the_queue_however_long_it_is(
    version: ExamVersion, course: Course, attempt: Attempt, django_assert_num_queries
) -> None:
    for number in range(4):
        user = people.student(f"s{number}@example.org")
        courses.enrol(course, user)
        attempts.closed(version, user)
        with django_assert_num_queries(1) as captured:
            assert marking.left(version) == number + 2
        with django_assert_num_queries(1) as following:
            assert marking.next_of(version) == (attempt.pk, version.questions[1]["id"])
        assert reads(captured) == reads(following) == set()


def reads(captured) -> set[str]:
    """Which of the long columns were read."""
    said = " ".join(query["sql"] for query in captured.captured_queries)
    columns = ("examversion.paper", "examversion.key", "attempt.snapshot")
    return {name for name in columns if name.replace(".", '"."') in said}
