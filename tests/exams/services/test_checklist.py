"""What stands in the way of publishing, and what one should have thought of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from exams.content import Kind
from exams.models import Exam
from exams.policy import FARTHEST, Counting, Policy, Release, Several
from exams.services.checklist import Check, Level, checklist
from exams.states import QuestionState
from tests.factories import courses, exams, people, publishing

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OK, NOTE, PROBLEM = Level.OK, Level.NOTE, Level.PROBLEM


@pytest.fixture
def exam(educator: User) -> Exam:
    return exams.reviewed(educator)


def rules(**changes: Any) -> Policy:
    return Policy(**{"opens_at": AT, "closes_at": AT + 7 * DAY, **changes})


def found(exam: Exam, course: Any = None, **changes: Any) -> dict[str, Check]:
    checks = checklist(exam=exam, policy=rules(**changes), course=course, at=AT)
    by_code = {check.code: check for check in checks}
    assert len(by_code) == len(checks)
    return by_code


def problems(exam: Exam, **changes: Any) -> dict[str, str]:
    return {
        code: check.about
        for code, check in found(exam, **changes).items()
        if check.level == PROBLEM
    }


def test_a_reviewed_exam_with_sensible_rules_has_no_problem(exam: Exam) -> None:
    course = courses.course(exam.owner)
    courses.students(course, 2)
    exam.owner.time_zone = "Europe/Berlin"
    checks = found(
        exam, course, minutes=30, pass_percent=Decimal(50), attempts=1
    ).values()
    assert {check.level for check in checks} == {OK}
    assert [check.code for check in checks] == [
        "decided",
        "keys_whole",
        "points",
        "window",
        "zone",
        "limit",
        "one_attempt",
        "release_after_close",
        "pass_mark",
        "course",
        "no_extra_time",
    ]


def test_the_clock_is_asked_when_no_time_is_given(exam: Exam) -> None:
    checks = checklist(exam=exam, policy=publishing.policy(), course=None)
    assert PROBLEM not in {check.level for check in checks}


# The questions


def test_every_question_must_be_decided(exam: Exam) -> None:
    exam.questions.filter(position__lte=2).update(state=QuestionState.PROPOSED)
    check = found(exam)["undecided"]
    assert (check.level, check.params) == (PROBLEM, {"count": 2})
    exam.questions.update(state=QuestionState.REJECTED)
    exam.questions.filter(position=1).update(state=QuestionState.EDITED)
    check = found(exam)["decided"]
    assert (check.level, check.params) == (OK, {"count": 1, "total": 4})


def test_at_least_one_question_must_be_kept(exam: Exam) -> None:
    exam.questions.update(state=QuestionState.REJECTED)
    assert problems(exam) == {"nothing_kept": ""}
    assert {"keys_whole", "points"}.isdisjoint(found(exam))


@pytest.mark.parametrize(
    "broken",
    [
        {"options": []},
        {"kind": "riddle"},
        {},
    ],
)
def test_a_kept_question_must_have_a_key_that_can_be_graded(
    exam: Exam, broken: dict[str, Any]
) -> None:
    body = exam.questions.get(position=1).body
    exam.questions.filter(position__in=[1, 2]).update(
        body={**body, **broken} if broken else {}
    )
    exam.questions.filter(position=2).update(state=QuestionState.REJECTED)
    check = found(exam)["keys_broken"]
    assert (check.level, check.params) == (PROBLEM, {"count": 1, "numbers": [1]})


def test_there_must_be_points_to_reach(exam: Exam) -> None:
    exam.questions.filter(position=1).update(points=Decimal("2.50"))
    assert found(exam)["points"].params == {"points": Decimal("5.50")}
    exam.questions.filter(position=1).update(points=0)
    check = found(exam)["some_worthless"]
    assert (check.level, check.params) == (NOTE, {"count": 1, "numbers": [1]})
    exam.questions.update(points=0)
    assert problems(exam) == {"no_points": ""}


def test_essays_need_a_person(educator: User) -> None:
    exam = exams.reviewed(educator, kinds=[Kind.ESSAY, Kind.TRUE_FALSE])
    check = found(exam)["essays"]
    assert (check.level, check.params) == (NOTE, {"count": 1})
    exam.questions.filter(kind=Kind.ESSAY).update(state=QuestionState.REJECTED)
    assert "essays" not in found(exam)


# The rules


@pytest.mark.parametrize(
    ("changes", "code", "about"),
    [
        ({"closes_at": AT - HOUR, "opens_at": AT - DAY}, "window_over", "closes_at"),
        ({"closes_at": AT}, "window_over", "closes_at"),
        (
            {"opens_at": AT + DAY, "closes_at": AT + HOUR},
            "ends_before_start",
            "closes_at",
        ),
        ({"opens_at": AT + HOUR, "closes_at": AT + HOUR}, "ends_before_start", None),
        ({"closes_at": AT + FARTHEST + HOUR}, "closes_too_far", "closes_at"),
        (
            {
                "opens_at": AT + FARTHEST + HOUR,
                "closes_at": None,
                "release": Release.MANUAL,
            },
            "opens_too_far",
            "opens_at",
        ),
        ({"minutes": 0}, "minutes_out_of_range", "minutes"),
        ({"minutes": -5}, "minutes_out_of_range", "minutes"),
        ({"minutes": 10**9}, "minutes_out_of_range", "minutes"),
        ({"attempts": 0}, "attempts_out_of_range", "attempts"),
        ({"attempts": 101}, "attempts_out_of_range", "attempts"),
        ({"closes_at": None}, "release_undecided", "release"),
        ({"release": Release.ON_DATE}, "release_date_missing", "release_at"),
        (
            {"release": Release.ON_DATE, "release_at": AT + DAY},
            "release_before_end",
            "release_at",
        ),
        (
            {"release": Release.ON_DATE, "release_at": AT, "closes_at": None},
            "release_before_start",
            "release_at",
        ),
        (
            {"release": Release.ON_DATE, "release_at": AT + FARTHEST + HOUR},
            "release_too_far",
            "release_at",
        ),
        ({"pass_percent": Decimal("-0.01")}, "pass_mark_out_of_range", "pass_percent"),
        ({"pass_percent": Decimal("100.01")}, "pass_mark_out_of_range", None),
        ({"pass_percent": Decimal("NaN")}, "pass_mark_out_of_range", None),
    ],
)
def test_rules_that_cannot_be_are_a_problem_where_they_were_set(
    exam: Exam, changes: dict[str, Any], code: str, about: str | None
) -> None:
    (problem,) = problems(exam, **changes).items()
    assert problem[0] == code
    assert about in (problem[1], None)


@pytest.mark.parametrize(
    ("changes", "level", "code", "params"),
    [
        ({}, OK, "window", {"opens": AT, "closes": AT + 7 * DAY}),
        ({"opens_at": AT + DAY}, OK, "window", None),
        ({"closes_at": AT + HOUR, "minutes": 60}, OK, "window", None),
        (
            {"closes_at": AT + HOUR, "minutes": 61},
            NOTE,
            "window_short",
            {"count": 60, "minutes": 61},
        ),
        ({"closes_at": None, "release": Release.MANUAL}, NOTE, "no_end", None),
        ({"minutes": None}, OK, "no_limit", {}),
        ({"minutes": 1}, OK, "limit", {"count": 1}),
        ({"minutes": 10_080}, OK, "limit", {"count": 10_080}),
        ({"attempts": 1}, OK, "one_attempt", {}),
        ({"attempts": 2}, OK, "attempts_best", {"count": 2}),
        (
            {"attempts": 100, "counting": Counting.LAST},
            OK,
            "attempts_last",
            {"count": 100},
        ),
        (
            {"attempts": 3, "counting": Counting.AVERAGE},
            OK,
            "attempts_average",
            {"count": 3},
        ),
        ({"release": Release.AT_SUBMIT}, NOTE, "release_at_submit", {}),
        (
            {"release": Release.AT_SUBMIT, "attempts": 2},
            NOTE,
            "release_before_retry",
            {},
        ),
        ({"release": Release.MANUAL}, OK, "release_manual", {}),
        (
            {"release": Release.ON_DATE, "release_at": AT + 7 * DAY},
            OK,
            "release_on_date",
            {"due": AT + 7 * DAY},
        ),
        (
            {
                "release": Release.ON_DATE,
                "release_at": AT + HOUR,
                "closes_at": None,
            },
            OK,
            "release_on_date",
            {"due": AT + HOUR},
        ),
        ({"pass_percent": None}, OK, "no_pass_mark", {}),
        ({"pass_percent": Decimal(0)}, OK, "pass_mark", {"percent": Decimal(0)}),
        ({"pass_percent": Decimal(100)}, OK, "pass_mark", None),
        ({"negative_marking": True}, NOTE, "negative_without_penalty", {}),
    ],
)
def test_rules_that_can_be_are_told(
    exam: Exam,
    changes: dict[str, Any],
    level: Level,
    code: str,
    params: dict[str, Any] | None,
) -> None:
    checks = found(exam, **changes)
    assert problems(exam, **changes) == {}
    assert checks[code].level == level
    assert params is None or checks[code].params == params


def test_negative_points_with_the_penalty_need_no_word(exam: Exam) -> None:
    checks = found(exam, negative_marking=True, several=Several.PENALTY)
    assert "negative_without_penalty" not in checks


def test_the_time_zone_is_named_and_an_unchosen_one_noted(exam: Exam) -> None:
    assert found(exam)["zone_utc"].level == NOTE
    exam.owner.time_zone = "Asia/Tokyo"
    check = found(exam)["zone"]
    assert (check.level, check.params) == (OK, {"zone": "Asia/Tokyo"})


# The students


def test_without_a_course_whoever_has_the_link_may_come(exam: Exam) -> None:
    check = found(exam)["anyone"]
    assert (check.level, check.about) == (NOTE, "course")


def test_students_and_those_with_extra_time_are_counted(exam: Exam) -> None:
    course = courses.course(exam.owner, name="Biology 1")
    courses.students(course, 1, multiplier="1.5")
    courses.students(course, 2)
    courses.enrol(course, people.student("minutes@example.org"), extra_minutes=10)
    gone = people.student("gone@example.org")
    courses.enrol(course, gone, multiplier=2, left_at=AT)
    courses.teach(course, people.educator("co@example.org"))
    checks = found(exam, course)
    assert checks["course"].params == {"course": "Biology 1", "count": 4}
    assert checks["extra_time"].params == {"count": 2}
    assert {checks["course"].level, checks["extra_time"].level} == {OK}


def test_a_course_without_students_is_noted(exam: Exam) -> None:
    check = found(exam, courses.course(exam.owner, name="Biology 1"))["course_empty"]
    assert (check.level, check.params) == (NOTE, {"course": "Biology 1"})


def test_only_a_course_that_one_teaches_will_do(exam: Exam, colleague: User) -> None:
    theirs = courses.course(colleague)
    courses.students(theirs, 1)
    checks = found(exam, theirs)
    assert checks["course_foreign"].level == PROBLEM
    assert "course" not in checks
    # Nobody learns the name of a course that is not theirs.
    assert checks["course_foreign"].params == {}
    courses.teach(theirs, exam.owner)
    assert "course" in found(exam, theirs)


def test_the_list_costs_as_many_queries_for_many_rows_as_for_few(
    educator: User,
) -> None:
    counts = []
    for size in (1, 20):
        exam = exams.reviewed(educator, kinds=list(Kind)[:size] * size)
        course = courses.course(educator)
        courses.students(course, size)
        with CaptureQueriesContext(connection) as captured:
            found(exam, course)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 3
