"""What is worth knowing before publishing, as the page's list says it."""

from __future__ import annotations

import pytest

from accounts.models import User
from examgen.jobs.clock import now
from exams.services import publishing as services
from tests.api.programs import Program, problem, wrong_fields
from tests.factories import courses, exams

pytestmark = pytest.mark.django_db


def codes(told: dict, level: str) -> list[str]:
    return [line["code"] for line in told["checks"] if line["level"] == level]


def test_without_rules_it_checks_what_the_page_suggests(
    teacher: Program, educator: User
) -> None:
    exam = exams.exam(educator)
    course = courses.course(educator)
    told = teacher.get(f"exams/{exam.id}/checklist/").json()
    assert told["ready"] is False
    assert told["course"] == str(course.id)
    assert (told["policy"]["attempts"], told["policy"]["pass_percent"]) == (1, "50")
    assert codes(told, "problem") == ["undecided"]
    assert "course_empty" in codes(told, "note")
    assert exam.versions.count() == 0


def test_rules_are_tried_before_they_are_published(
    teacher: Program, educator: User
) -> None:
    exam = exams.reviewed(educator)
    courses.course(educator)
    address = f"exams/{exam.id}/checklist/"
    rules = {"course": "", "minutes": 0, "attempts": 2, "negative_marking": "true"}
    told = teacher.get(address, rules).json()
    assert (told["ready"], told["course"]) == (False, None)
    assert codes(told, "problem") == ["minutes_out_of_range"]
    (about,) = (c["about"] for c in told["checks"] if c["level"] == "problem")
    assert about == "minutes"
    assert {"anyone", "negative_without_penalty"} <= set(codes(told, "note"))
    told = teacher.get(address, {"course": "", "minutes": ""}).json()
    assert (told["ready"], told["policy"]["minutes"]) == (True, None)
    published = teacher.post(
        f"exams/{exam.id}/publish/", {"course": None, "minutes": None}
    )
    assert published.status_code == 200
    assert problem(teacher.get(address)) == (409, "no_draft")


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"minutes": "ten"}, ["minutes"]),
        ({"attempts": ""}, ["attempts"]),
        ({"shuffle_options": "yes"}, ["shuffle_options"]),
        ({"release": "never"}, ["release"]),
        ({"pass_percent": "1e999999"}, ["pass_percent"]),
        ({"pass_percent": "NaN"}, ["pass_percent"]),
        ({"closes_at": "soon"}, ["closes_at"]),
        ({"course": "1"}, ["course"]),
    ],
)
def test_rules_that_are_none_are_refused(
    teacher: Program, educator: User, query, wrong
) -> None:
    exam = exams.reviewed(educator)
    answer = teacher.get(f"exams/{exam.id}/checklist/", query)
    assert [field for field, _ in wrong_fields(answer)] == wrong


def test_publishing_refuses_a_pass_mark_without_bounds(
    teacher: Program, educator: User
) -> None:
    exam = exams.reviewed(educator)
    wish = {"course": None, "pass_percent": "1e999999"}
    answer = teacher.post(f"exams/{exam.id}/publish/", wish)
    assert [field for field, _ in wrong_fields(answer)] == ["pass_percent"]


def test_a_course_of_somebody_else_is_none(
    teacher: Program, educator: User, colleague: User
) -> None:
    exam = exams.reviewed(educator)
    foreign = {"course": str(courses.course(colleague).id)}
    answer = teacher.get(f"exams/{exam.id}/checklist/", foreign)
    assert wrong_fields(answer) == [("course", "invalid")]


def test_it_says_what_the_service_says(teacher: Program, educator: User) -> None:
    exam = exams.reviewed(educator)
    told = teacher.get(f"exams/{exam.id}/checklist/", {"course": ""}).json()
    policy = services.suggested_policy(exam=exam, at=now())
    found = services.checklist(exam=exam, policy=policy, course=None)
    assert [line["code"] for line in told["checks"]] == [line.code for line in found]
