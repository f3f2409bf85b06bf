"""Grading by people: the queue, one mark after the other, and receipts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import Course, User
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from scoring.models import Attempt, Grade
from scoring.services.receipts import seal_of
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import attempts, courses, exams, people, versions

pytestmark = pytest.mark.django_db
ANSWER = "Light first, then the Calvin cycle."


@pytest.fixture
def course(educator: User, student: User) -> Course:
    return courses.course(educator, student)


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    """A machine's question of one point, and an essay of two."""
    questions = [
        exams.question(Kind.TRUE_FALSE),
        exams.question(Kind.ESSAY, points=Decimal(2)),
    ]
    return versions.version(
        educator, course=course, questions=questions, release=Release.AT_SUBMIT
    )


@pytest.fixture
def attempt(version: ExamVersion, student: User) -> Attempt:
    return attempts.closed(version, student)


def essay(version: ExamVersion) -> str:
    name: str = versions.sheet(version, Kind.ESSAY)["id"]
    return name


def place(attempt: Attempt) -> str:
    return f"grading/{attempt.id}/{essay(attempt.version)}/"


def test_the_queue_leads_from_answer_to_answer(
    teacher: Program, course: Course, version: ExamVersion, attempt: Attempt
) -> None:
    kim = courses.enrol(course, people.student("kim@example.org")).user
    second = attempts.closed(version, kim)
    listed = teacher.get("grading/").json()["results"]
    assert listed == [{"exam_id": str(version.exam_id), "title": "Week1", "waiting": 2}]
    queue = f"exams/{version.exam_id}/grading/"
    told = teacher.get(queue).json()
    assert told["left"] == 2
    assert told["next"] == {
        "attempt_id": str(attempt.id),
        "question_id": essay(version),
        "number": 2,
        "stem": versions.sheet(version, Kind.ESSAY)["stem"],
        "rubric": version.key[essay(version)]["body"].get("rubric", ""),
        "answer": ANSWER,
        "points": None,
        "max_points": "2",
        "comment": "",
    }
    # Whose answer it is stays untold.
    assert b"sam@example.org" not in teacher.get(queue).content
    for which in (attempt, second):
        seen = teacher.get(place(which))
        assert seen.headers["ETag"] == '"1-waiting"'
        body = {"points": 1.5, "comment": " Both stages. "}
        answer = teacher.put(place(which), body, if_match=seen.headers["ETag"])
        assert answer.status_code == 200
        assert answer.headers["ETag"] == '"2-graded"'
        told = answer.json()
        assert (told["points"], told["comment"]) == ("1.50", "Both stages.")
    assert teacher.get(queue).json() == {"left": 0, "next": None}
    assert teacher.get("grading/").json()["results"] == []
    grade = Grade.objects.filter(attempt=attempt).last()
    assert (grade.points, grade.complete) == (Decimal("2.5"), True)


def test_a_mark_may_be_changed_and_the_first_stays(
    teacher: Program, attempt: Attempt
) -> None:
    teacher.put(place(attempt), {"points": 1}, if_match='"1-waiting"')
    teacher.put(place(attempt), {"points": 2}, if_match='"2-graded"')
    marked = [
        grade.marks[essay(attempt.version)]["points"]
        for grade in Grade.objects.filter(attempt=attempt)
    ]
    assert marked == [None, "1.00", "2.00"]


def test_who_was_overtaken_hears_of_both_marks(
    teacher: Program, attempt: Attempt
) -> None:
    address = place(attempt)
    teacher.put(address, {"points": 1, "comment": "Half."}, if_match='"1-waiting"')
    late = teacher.put(address, {"points": 2}, if_match='"1-waiting"')
    assert problem(late) == (409, "changed_meanwhile")
    told = late.json()
    assert told["yours"] == {"points": "2.00", "comment": ""}
    assert (told["theirs"]["points"], told["theirs"]["comment"]) == ("1.00", "Half.")
    assert Grade.objects.filter(attempt=attempt).count() == 2
    # What is there already is not said again, whatever was seen.
    same = teacher.put(
        address, {"points": 1, "comment": "Half."}, if_match='"1-waiting"'
    )
    assert same.status_code == 200
    assert Grade.objects.filter(attempt=attempt).count() == 2


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, [("points", "required")]),
        ({"points": -0.5}, [("points", "min_value")]),
        ({"points": 2.01}, [("points", "invalid")]),
        ({"points": 1.001}, [("points", "max_decimal_places")]),
        ({"points": 123456789}, [("points", "max_digits")]),
        ({"points": "NaN"}, [("points", "invalid")]),
        ({"points": 1, "comment": "x" * 2001}, [("comment", "max_length")]),
    ],
)
def test_points_that_cannot_be_are_refused(
    teacher: Program, attempt: Attempt, body, wrong
) -> None:
    answer = teacher.put(place(attempt), body, if_match="*")
    assert wrong_fields(answer) == wrong
    assert Grade.objects.filter(attempt=attempt).count() == 1


def test_a_mark_says_which_grade_was_seen(teacher: Program, attempt: Attempt) -> None:
    unsaid = teacher.put(place(attempt), {"points": 1})
    assert problem(unsaid) == (428, "if_match_required")
    never = teacher.put(place(attempt), {"points": 1}, if_match='"x"')
    assert problem(never) == (409, "changed_meanwhile")


def test_only_closed_essays_of_ones_own_exams_are_graded(
    teacher: Program, colleague: User, version: ExamVersion, attempt: Attempt
) -> None:
    other = Program(colleague)
    assert problem(other.get(place(attempt))) == (404, "not_found")
    foreign = other.put(place(attempt), {"points": 1}, if_match="*")
    assert problem(foreign) == (404, "not_found")
    machine = versions.sheet(version, Kind.TRUE_FALSE)["id"]
    by_machine = teacher.get(f"grading/{attempt.id}/{machine}/")
    assert problem(by_machine) == (404, "not_found")
    kim = courses.enrol(version.course, people.student("kim@example.org")).user
    still_open = attempts.started(version, kim)
    assert problem(teacher.get(place(still_open))) == (404, "not_found")


def test_a_receipt_is_checked_by_whoever_holds_the_exam(
    teacher: Program, colleague: User, attempt: Attempt
) -> None:
    shown = {"shown": f"Receipt {attempt.receipt}, seal {seal_of(attempt)}"}
    told = teacher.post("receipts/check/", shown).json()
    assert told == {
        "attempt_id": str(attempt.id),
        "exam_id": str(attempt.version.exam_id),
        "title": "Week1",
        "person": "sam@example.org",
        "state": "closed",
        "closed_at": attempt.closed_at.isoformat().replace("+00:00", "Z"),
        "answered": 2,
        "total": 2,
    }
    unknown = teacher.post("receipts/check/", {"shown": attempt.receipt})
    assert problem(unknown) == (404, "unknown_receipt")
    foreign = Program(colleague).post("receipts/check/", shown)
    assert problem(foreign) == (404, "unknown_receipt")
