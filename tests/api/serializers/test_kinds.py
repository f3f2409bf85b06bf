"""What is of another kind than the schema says is refused, not taken for something."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from tests.api.programs import Program, wrong_fields
from tests.factories import courses, exams, people

pytestmark = pytest.mark.django_db
COURSE = {"name": "Botany", "aliases": True, "open_to_join": True}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 0),
        ("name", 7),
        ("name", 1.5),
        ("name", True),
        ("name", []),
        ("name", {}),
        ("aliases", 0),
        ("aliases", 1),
        ("aliases", "true"),
        ("aliases", ""),
        ("aliases", []),
    ],
)
def test_a_number_is_no_text_and_no_answer_to_yes_or_no(
    teacher: Program, educator: User, field: str, value: Any
) -> None:
    course = courses.course(educator)
    answer = teacher.patch(f"courses/{course.id}/", {**COURSE, field: value})
    assert wrong_fields(answer) == [(field, "invalid")]
    course.refresh_from_db()
    assert course.name == "Botany"
    assert course.aliases


@pytest.mark.parametrize("value", ["6", True, 6.5, 1e400, "x"])
def test_a_text_is_no_whole_number(
    teacher: Program, educator: User, value: Any
) -> None:
    path = f"lectures/{exams.lecture(educator).id}/exams/"
    # An infinite one is written as a number that is too large for a float.
    content = b'{"questions": 1e400}' if value == 1e400 else None
    answer = (
        teacher.client.generic(
            "POST",
            f"/api/v1/{path}",
            content,
            content_type="application/json",
            headers=teacher.headers,
        )
        if content
        else teacher.post(path, {"questions": value})
    )
    assert wrong_fields(answer) == [("questions", "invalid")]


def test_two_point_nought_is_a_whole_number(teacher: Program, educator: User) -> None:
    path = f"lectures/{exams.lecture(educator).id}/exams/"
    answer = teacher.post(path, {"questions": 2.0})
    assert answer.status_code == 201
    assert answer.json()["settings"]["questions"] == 2


def test_it_is_said_where_in_a_list_something_is_wrong(teacher: Program) -> None:
    choices = [{"message": 0, "channel": "email", "wanted": False}]
    answer = teacher.patch("notifications/choices/", {"choices": choices})
    assert wrong_fields(answer) == [("choices.message", "invalid")]


def test_decimals_are_texts_where_the_schema_says_so(
    teacher: Program, educator: User
) -> None:
    course = courses.course(educator, people.student("ada@example.org"))
    student = course.enrolments.students().get()
    path = f"courses/{course.id}/students/{student.id}/"
    assert wrong_fields(teacher.patch(path, {"multiplier": 1.5})) == [
        ("multiplier", "invalid")
    ]
    assert teacher.patch(path, {"multiplier": "1.5"}).status_code == 200


def test_what_lacks_and_what_is_nested_wrongly_is_left_to_the_shape(
    teacher: Program,
) -> None:
    assert wrong_fields(teacher.patch("notifications/choices/", {})) == [
        ("choices", "required")
    ]
    assert wrong_fields(teacher.patch("notifications/choices/", {"choices": 1})) == [
        ("choices", "not_a_list")
    ]
