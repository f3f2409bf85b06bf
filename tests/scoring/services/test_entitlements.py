"""Who may start, how much time they have, and why they may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Course, Enrolment, User
from accounts.states import Role
from examgen.jobs.clock import now
from exams.models import ExamVersion
from scoring.services import closing
from scoring.services.attempts import entitlement
from tests.factories import attempts, versions

HALF_AN_HOUR = timedelta(minutes=30)


def test_a_student_may_start_and_knows_their_time(
    student: User, version: ExamVersion
) -> None:
    at = now()
    asked = entitlement(user=student, version=version, at=at)
    assert (asked.may_start, asked.reason, asked.attempt) == (True, "", None)
    assert (asked.attempts_left, asked.next_number, asked.earlier) == (1, 1, ())
    assert (asked.limit, asked.minutes) == (HALF_AN_HOUR, 30)
    assert asked.deadline_if_started == at + HALF_AN_HOUR
    assert (asked.opens_at, asked.ends_at) == (version.opens_at, version.closes_at)
    assert not asked.accommodated


def test_what_is_granted_is_known_before_the_start(
    student: User, version: ExamVersion
) -> None:
    Enrolment.objects.filter(user=student).update(multiplier="1.5", extra_minutes=5)
    at = version.closes_at - timedelta(minutes=10)
    asked = entitlement(user=student, version=version, at=at)
    assert asked.accommodated
    assert asked.minutes == 50
    assert asked.deadline_if_started == at + timedelta(minutes=50)


def test_a_late_start_ends_with_the_window(student: User, version: ExamVersion) -> None:
    at = version.closes_at - timedelta(minutes=10)
    asked = entitlement(user=student, version=version, at=at)
    assert asked.deadline_if_started == version.closes_at
    assert asked.minutes == 30


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (timedelta(hours=-1, seconds=-1), "not_yet"),
        (timedelta(hours=-1), ""),
        (timedelta(hours=1, seconds=-1), ""),
        (timedelta(hours=1), "closed"),
    ],
)
def test_the_window_bounds_the_start(
    educator: User, student: User, course: Course, at: timedelta, reason: str
) -> None:
    noon = now()
    version = versions.version(
        educator,
        course=course,
        opens_at=noon - timedelta(hours=1),
        closes_at=noon + timedelta(hours=1),
    )
    asked = entitlement(user=student, version=version, at=noon + at)
    assert asked.reason == reason


def test_a_closed_exam_may_not_be_started(student: User, version: ExamVersion) -> None:
    version.closed_at = now()
    assert entitlement(user=student, version=version, at=now()).reason == "closed"


def test_without_limit_and_end_there_is_no_deadline(
    educator: User, student: User
) -> None:
    version = versions.version(educator, open_ended=True)
    asked = entitlement(user=student, version=version, at=now())
    assert asked.may_start
    assert (asked.limit, asked.minutes, asked.deadline_if_started) == (None, None, None)


def test_attempts_are_counted_and_what_staff_took_out_is_not(
    educator: User, student: User, course: Course
) -> None:
    version = versions.version(educator, course=course, attempts=2)
    first = attempts.started(version, student)
    running = entitlement(user=student, version=version, at=now())
    assert (running.reason, running.attempt) == ("open", first)
    closing.void(attempt=first, reason="Fire alarm", actor=educator)
    again = entitlement(user=student, version=version, at=now())
    assert (again.may_start, again.attempts_left, again.next_number) == (True, 2, 2)
    attempts.closed(version, student)
    attempts.closed(version, student)
    spent = entitlement(user=student, version=version, at=now())
    assert (spent.reason, spent.attempts_left) == ("no_attempts_left", 0)
    assert [attempt.number for attempt in spent.earlier] == [1, 2, 3]


def test_who_is_not_in_the_course_may_not_start(
    classmate: User, version: ExamVersion
) -> None:
    Enrolment.objects.filter(user=classmate).update(left_at=now())
    asked = entitlement(user=classmate, version=version, at=now())
    assert asked.reason == "not_enrolled"
    Enrolment.objects.filter(user=classmate).update(left_at=None, role=Role.EDUCATOR)
    asked = entitlement(user=classmate, version=version, at=now())
    assert asked.reason == "not_enrolled"


def test_educators_do_not_take_their_own_exam(educator: User) -> None:
    version = versions.version(educator)
    assert entitlement(user=educator, version=version, at=now()).reason == "own_exam"


@pytest.mark.parametrize("earlier", [0, 3])
def test_asking_takes_two_queries(
    educator: User,
    student: User,
    course: Course,
    earlier: int,
    django_assert_num_queries,
) -> None:
    version = versions.version(educator, course=course, attempts=9)
    for _ in range(earlier):
        attempts.closed(version, student)
    with django_assert_num_queries(2):
        entitlement(user=student, version=version, at=now())
