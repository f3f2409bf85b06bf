"""Courses, rosters and codes by the API."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Course, User
from accounts.models.courses import INVITATION_LASTS
from accounts.services import guesses
from accounts.services.invitations import invitation_token
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import courses, people, publishing

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


def test_a_course_is_made_and_changed(teacher: Program) -> None:
    made = teacher.post("courses/", {"name": "Botany"})
    assert made.status_code == 201
    row = Course.objects.get()
    told = made.json()
    assert (told["name"], told["code"], told["student_count"]) == (
        "Botany",
        row.code,
        0,
    )
    assert told["link"].endswith(f"/join/{row.code}/")
    base = f"courses/{row.id}/"
    change = {"open_to_join": False, "aliases": False}
    changed = teacher.patch(base, change).json()
    assert (changed["name"], changed["open_to_join"], changed["aliases"]) == (
        "Botany",
        False,
        False,
    )
    renewed = teacher.post(f"{base}code/").json()
    assert renewed["code"] != row.code
    assert wrong_fields(teacher.patch(base, {"name": ""})) == [("name", "blank")]


def test_students_are_found_granted_time_removed_and_brought_back(
    teacher: Program, course: Course
) -> None:
    first, second = courses.students(course, 2)
    base = f"courses/{course.id}/students/"
    found = teacher.get(base, {"q": "0001"}).json()["results"]
    assert [line["person"]["name"] for line in found] == ["Student 0001"]
    granted = teacher.patch(f"{base}{first.id}/", {"multiplier": "1.50"}).json()
    assert (granted["multiplier"], granted["extra_minutes"]) == ("1.50", 0)
    first.refresh_from_db()
    assert first.multiplier == Decimal("1.5")
    refused = teacher.patch(f"{base}{first.id}/", {"multiplier": "6"})
    assert wrong_fields(refused) == [("multiplier", "max_value")]
    assert teacher.delete(f"{base}{first.id}/").status_code == 204
    assert [line["id"] for line in teacher.get(base).json()["results"]] == [
        str(second.id)
    ]
    left = teacher.get(base, {"left": "true"}).json()["results"]
    assert [line["id"] for line in left] == [str(first.id)]
    back = teacher.post(f"{base}{first.id}/back/").json()
    assert (back["multiplier"], back["left_at"]) == ("1.50", None)


@pytest.mark.parametrize("left", ["", "0", "1", "yes", "null"])
def test_a_question_that_is_neither_true_nor_false_is_refused(
    teacher: Program, course: Course, left: str
) -> None:
    answer = teacher.get(f"courses/{course.id}/students/", {"left": left})
    assert wrong_fields(answer) == [("left", "invalid")]


def test_a_roster_costs_as_many_queries_for_many_as_for_few(
    teacher: Program, course: Course, django_assert_num_queries
) -> None:
    courses.students(course, 1)
    teacher.get("me/")
    for _ in range(2):
        with django_assert_num_queries(3):  # the token, the course, its students
            teacher.get(f"courses/{course.id}/students/")
        courses.students(course, 5)


def test_educators_are_added_and_removed(
    teacher: Program, course: Course, colleague: User, student: User
) -> None:
    base = f"courses/{course.id}/educators/"
    added = teacher.post(base, {"email": colleague.email})
    assert added.status_code == 201
    assert Program(colleague).get(f"courses/{course.id}/").status_code == 200
    for email, code in (
        (colleague.email, "educator_teaches"),
        (course.owner.email, "educator_owner"),
        (student.email, "educator_unknown"),
    ):
        assert problem(teacher.post(base, {"email": email})) == (422, code)
    assert teacher.delete(f"{base}{added.json()['id']}/").status_code == 204
    gone = Program(colleague).get(f"courses/{course.id}/")
    assert problem(gone) == (404, "not_found")


def test_addresses_are_invited_and_taken_back(teacher: Program, course: Course) -> None:
    base = f"courses/{course.id}/invitations/"
    courses.invite(course, "bo@example.org")
    text = f"ada@example.org, bo@example.org; {course.owner.email} nobody@"
    assert teacher.post(base, {"addresses": text}).json() == {
        "invited": ["ada@example.org"],
        "waiting": ["bo@example.org"],
        "members": [course.owner.email],
        "invalid": ["nobody@"],
    }
    listed = teacher.get(base).json()["results"]
    assert {line["email"] for line in listed} == {"ada@example.org", "bo@example.org"}
    one = f"{base}{listed[0]['id']}/"
    assert problem(teacher.post(f"{one}resend/")) == (409, "sent_just_now")
    assert teacher.delete(one).status_code == 204
    assert problem(teacher.delete(one)) == (404, "not_found")


def test_a_student_joins_by_a_code_and_leaves(
    taker: Program, student: User, course: Course
) -> None:
    joined = taker.post("join/", {"code": course.code.lower()})
    assert joined.json() == {"course_id": str(course.id), "exam_id": None}
    again = taker.post("join/", {"code": course.code})
    assert again.status_code == 200
    (attended,) = taker.get("me/courses/").json()["results"]
    assert attended["id"] == str(course.id)
    assert set(attended) == {"id", "name", "educator", "since"}
    assert taker.delete(f"me/courses/{course.id}/").status_code == 204
    assert taker.get("me/courses/").json()["results"] == []


def test_the_code_of_an_exam_leads_through_its_course(
    taker: Program, educator: User, course: Course
) -> None:
    version = publishing.published(educator, course=course)
    joined = taker.post("join/", {"code": version.code}).json()
    assert joined == {"course_id": str(course.id), "exam_id": str(version.exam_id)}


def test_a_closed_course_lets_nobody_in_and_its_educators_never_join(
    taker: Program, teacher: Program, course: Course
) -> None:
    Course.objects.update(open_to_join=False)
    shut = taker.post("join/", {"code": course.code})
    assert problem(shut) == (403, "joining_closed")
    own = teacher.post("join/", {"code": course.code})
    assert problem(own) == (409, "you_teach")


def test_wrong_codes_are_counted_as_on_the_page(taker: Program, course: Course) -> None:
    for _ in range(guesses.MOST_OF_PERSON):
        assert problem(taker.post("join/", {"code": "K7PM4XWD"})) == (404, "wrong_code")
    stopped = taker.post("join/", {"code": course.code})
    assert problem(stopped) == (429, "too_many_codes")
    assert stopped.headers["Retry-After"] == "600"


def test_an_invitation_is_accepted_by_the_token_of_its_link(
    taker: Program, student: User, educator: User
) -> None:
    course = courses.course(educator, open_to_join=False)
    waiting = courses.invite(course, "sam@example.org")
    token = {"token": invitation_token(waiting)}
    for _ in range(2):
        answer = taker.post("invitations/accept/", token)
        assert answer.json() == {"course_id": str(course.id), "exam_id": None}
    assert [e.user for e in course.enrolments.students()] == [student]
    waiting.refresh_from_db()
    assert waiting.accepted_by == student


def test_an_invitation_that_leads_nowhere_says_why(
    taker: Program, teacher: Program, educator: User
) -> None:
    course = courses.course(educator)
    accept = "invitations/accept/"
    assert problem(taker.post(accept, {"token": "none"})) == (404, "not_found")
    old = courses.invite(course, "old@example.org")
    old.sent_at -= INVITATION_LASTS + timedelta(seconds=1)
    old.save()
    expired = taker.post(accept, {"token": invitation_token(old)})
    assert problem(expired) == (410, "invitation_expired")
    fresh = {"token": invitation_token(courses.invite(course, "new@example.org"))}
    assert problem(teacher.post(accept, fresh)) == (409, "you_teach")
    assert taker.post(accept, fresh).status_code == 200
    other = Program(people.student("kim@example.org"))
    assert problem(other.post(accept, fresh)) == (410, "invitation_used")
