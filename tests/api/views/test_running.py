"""An exam that is taken: who works, more time, a word to all."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.models import Course, User
from exams.content import Kind
from exams.models import ExamVersion
from scoring.models import Announcement, Attempt, Extension
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import attempts, courses, people, versions

pytestmark = pytest.mark.django_db
KINDS = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)
FIVE = {"attempt_id": None, "minutes": 5, "reason": "The fire alarm"}


@pytest.fixture
def course(educator: User, student: User) -> Course:
    return courses.course(educator, student)


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    return versions.version(educator, course=course, kinds=KINDS, minutes=30)


def base(version: ExamVersion) -> str:
    return f"exams/{version.exam_id}"


def test_the_room_tells_who_works_who_is_done_and_who_has_not_come(
    teacher: Program, course: Course, version: ExamVersion, student: User
) -> None:
    courses.enrol(course, people.student("zoe@example.org", name="Zoe"))
    done = courses.enrol(course, people.student("kim@example.org")).user
    attempts.closed(version, done)
    attempt = attempts.started(version, student)
    name = version.questions[0]["id"]
    attempts.saved(attempt, {name: versions.right_answers(version)[name]})
    told = teacher.get(f"{base(version)}/live/").json()
    assert (told["working"], told["done"], told["absent"]) == (1, 1, 1)
    working, handed_in, absent = told["takers"]
    assert working == {
        "person": {
            "id": str(student.id),
            "name": student.name,
            "email": "sam@example.org",
        },
        "attempt_id": str(attempt.id),
        "state": "open",
        "answered": 1,
        "deadline": attempt.deadline.isoformat().replace("+00:00", "Z"),
        "late": False,
    }
    assert (handed_in["person"]["email"], handed_in["state"]) == (
        "kim@example.org",
        "closed",
    )
    assert absent["person"]["name"] == "Zoe"
    assert (absent["attempt_id"], absent["state"], absent["deadline"]) == (
        None,
        None,
        None,
    )


def test_everybody_at_work_gets_more_time_once(
    teacher: Program, version: ExamVersion, student: User
) -> None:
    attempt = attempts.started(version, student)
    address = f"{base(version)}/extend/"
    first = teacher.post(address, FIVE, idempotency_key="alarm")
    again = teacher.post(address, FIVE, idempotency_key="alarm")
    assert first.status_code == again.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    row = Extension.objects.get()
    assert first.json() == again.json()
    assert first.json() == {
        "id": str(row.id),
        "attempt_id": None,
        "seconds": 300,
        "reason": "The fire alarm",
        "created_at": row.created_at.isoformat().replace("+00:00", "Z"),
    }
    before, later = attempt.deadline, Attempt.objects.get().deadline
    assert later - before == timedelta(minutes=5)


def test_one_gets_more_time_and_nobody_else(
    teacher: Program, course: Course, version: ExamVersion, student: User
) -> None:
    other = attempts.started(
        version, courses.enrol(course, people.student("kim@example.org")).user
    )
    attempt = attempts.started(version, student)
    wish = {**FIVE, "attempt_id": str(attempt.id)}
    told = teacher.post(f"{base(version)}/extend/", wish).json()
    assert told["attempt_id"] == str(attempt.id)
    moved = Attempt.objects.get(pk=attempt.pk).deadline - attempt.deadline
    assert moved == timedelta(minutes=5)
    assert Attempt.objects.get(pk=other.pk).deadline == other.deadline


def test_more_time_that_changes_nothing_is_refused(
    teacher: Program, educator: User, version: ExamVersion, student: User
) -> None:
    address = f"{base(version)}/extend/"
    nobody = teacher.post(address, FIVE)
    assert (problem(nobody), nobody.json()["reason"]) == (
        (409, "no_more_time"),
        "nobody",
    )
    attempt = attempts.closed(version, student)
    over = teacher.post(address, {**FIVE, "attempt_id": str(attempt.id)})
    assert (problem(over), over.json()["reason"]) == ((409, "no_more_time"), "closed")
    endless = versions.version(educator, open_ended=True, release="manual")
    attempt = attempts.started(endless, student)
    wish = {**FIVE, "attempt_id": str(attempt.id)}
    elsewhere = teacher.post(address, wish)
    assert problem(elsewhere) == (404, "not_found")
    no_end = teacher.post(f"{base(endless)}/extend/", wish)
    assert no_end.json()["reason"] == "no_deadline"
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("wish", "wrong"),
    [
        ({}, {"attempt_id", "minutes", "reason"}),
        ({**FIVE, "minutes": 0}, {"minutes"}),
        ({**FIVE, "minutes": 601}, {"minutes"}),
        ({**FIVE, "reason": "  "}, {"reason"}),
        ({**FIVE, "reason": "x" * 501}, {"reason"}),
        ({**FIVE, "reason": "a\0b"}, {"reason"}),
        ({**FIVE, "attempt_id": "all"}, {"attempt_id"}),
    ],
)
def test_a_wish_for_time_that_is_none_is_refused(
    teacher: Program, version: ExamVersion, wish, wrong
) -> None:
    answer = teacher.post(f"{base(version)}/extend/", wish)
    assert {field for field, _ in wrong_fields(answer)} == wrong


def test_a_word_to_all_reaches_those_who_work(
    teacher: Program, taker: Program, version: ExamVersion, student: User
) -> None:
    attempt = attempts.started(version, student)
    address = f"{base(version)}/announcements/"
    said = {"text": " Question 3\nis about page 4. "}
    first = teacher.post(address, said, idempotency_key="page-4")
    teacher.post(address, said, idempotency_key="page-4")
    assert first.status_code == 201
    row = Announcement.objects.get()
    assert first.json()["id"] == str(row.id)
    assert first.json()["text"] == "Question 3 is about page 4."
    standing = taker.get(f"attempts/{attempt.id}/answers/").json()
    assert [one["text"] for one in standing["announcements"]] == [row.text]
    teacher.post(address, {"text": "Ten minutes left."})
    listed = teacher.get(address).json()["results"]
    assert [one["text"] for one in listed] == ["Ten minutes left.", row.text]
    assert wrong_fields(teacher.post(address, {"text": ""})) == [("text", "blank")]


def test_none_of_it_is_for_colleagues_and_students(
    taker: Program, colleague: User, version: ExamVersion
) -> None:
    other = Program(colleague)
    for part, body in (("live", None), ("announcements", None), ("grading", None)):
        assert problem(other.get(f"{base(version)}/{part}/", body)) == (
            404,
            "not_found",
        )
        assert problem(taker.get(f"{base(version)}/{part}/")) == (
            403,
            "educators_only",
        )
    assert problem(other.post(f"{base(version)}/extend/", FIVE)) == (404, "not_found")
    said = other.post(f"{base(version)}/announcements/", {"text": "Hello"})
    assert problem(said) == (404, "not_found")
    assert problem(other.get(f"exams/{uuid.uuid4()}/live/")) == (404, "not_found")


def test_the_room_costs_as_many_queries_for_many_as_for_few(
    teacher: Program, course: Course, version: ExamVersion, django_assert_num_queries
) -> None:
    teacher.get("me/")
    for _ in range(2):
        for enrolment in courses.students(course, 3)[:2]:
            attempts.started(version, enrolment.user)
        with django_assert_num_queries(4):  # the token, the version, both kinds
            teacher.get(f"{base(version)}/live/")
