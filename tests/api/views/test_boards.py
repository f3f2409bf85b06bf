from __future__ import annotations

import pytest

from accounts.models import User
from exams.content import Kind
from exams.services.publishing import close_exam
from scoring.services.scoreboard import rebuild
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import attempts, courses, people, versions

pytestmark = pytest.mark.django_db


def test_a_board_is_live_for_its_owner_and_released_to_students(
    teacher: Program, taker: Program, educator: User, student: User
) -> None:
    other = people.student("kim@example.org", name="Kim Secret")
    course = courses.course(educator, student, other)
    version = versions.version(
        educator, course=course, kinds=[Kind.TRUE_FALSE], pass_percent="50"
    )
    attempts.closed(version, student)
    attempts.closed(version, other, versions.wrong_answers(version))
    rebuild(version_id=version.id)
    address = f"exams/{version.exam_id}/scoreboard/"
    live = teacher.get(address).json()
    assert [(line["place"], line["name"]) for line in live["results"]] == [
        (1, "sam@example.org"),
        (2, "Kim Secret"),
    ]
    assert (live["summary"]["people"], live["summary"]["passed"]) == (2, 1)
    early = taker.get(address)
    assert problem(early) == (409, "not_released")
    assert b"Kim" not in early.content
    close_exam(version=version, actor=educator.id)
    told = taker.get(address)
    lines = told.json()["results"]
    assert [(line["percent"], line["mine"]) for line in lines] == [
        ("100.0", True),
        ("0.0", False),
    ]
    assert b"Kim" not in told.content
    assert b"example.org" not in told.content


def test_a_board_comes_page_by_page_in_as_many_queries(
    teacher: Program, educator: User, django_assert_num_queries
) -> None:
    version = versions.version(
        educator, kinds=[Kind.TRUE_FALSE], open_ended=True, release="manual"
    )
    address = f"exams/{version.exam_id}/scoreboard/"
    teacher.get(address)
    attempts.closed(version, people.student("a@example.org"))
    rebuild(version_id=version.id)
    # The token with the facts, which are asked again at the end: whether all is still
    # as it was. The version, its paper, entries, counts.
    with django_assert_num_queries(6):
        teacher.get(address)
    for n in range(51):
        attempts.closed(version, people.student(f"b{n}@example.org"))
    rebuild(version_id=version.id)
    with django_assert_num_queries(6):
        first = teacher.get(address).json()
    assert (len(first["results"]), first["next"]) == (50, 50)
    rest = teacher.get(address, {"after": 50}).json()
    assert (len(rest["results"]), rest["next"]) == (2, None)
    assert {line["place"] for line in first["results"] + rest["results"]} == {1}


@pytest.mark.parametrize("after", ["-1", "x", "", "9999999"])
def test_a_place_that_is_none_is_refused(teacher: Program, educator, after) -> None:
    version = versions.version(educator)
    answer = teacher.get(f"exams/{version.exam_id}/scoreboard/", {"after": after})
    assert wrong_fields(answer) == [("after", "invalid")]
