from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Course, User
from examgen.jobs.clock import now
from examgen.jobs.models import Event
from exams.content import Kind
from exams.models import ExamVersion
from scoring.models import Announcement
from scoring.services import announcements, live
from scoring.services.live import Taker
from tests.factories import attempts, courses, people, versions
from tests.factories.versions import right_answers


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    kinds = [Kind.SINGLE_CHOICE, Kind.TRUE_FALSE]
    return versions.version(educator, course=course, kinds=kinds, minutes=30)


def test_a_room_shows_who_works_who_is_done_and_who_has_not_come(
    version: ExamVersion, course: Course, student: User, classmate: User
) -> None:
    absent = people.student("lu@example.org")
    courses.enrol(course, absent)
    working = attempts.started(version, student)
    attempts.saved(working, dict(list(right_answers(version).items())[:1]))
    done = attempts.closed(version, classmate)
    at = working.started_at + timedelta(minutes=10, seconds=30)
    room = live.room(version, at=at)
    assert [(t.user, t.attempt, t.answered, t.minutes_left) for t in room.takers] == [
        (student, working, 1, 20),
        (classmate, done, 2, None),
        (absent, None, 0, None),
    ]
    assert (room.working, room.done, room.absent) == (1, 1, 1)


def test_a_clock_that_ran_out_shows_no_time_left(
    version: ExamVersion, student: User
) -> None:
    attempt = attempts.started(version, student)
    at = attempt.deadline + timedelta(seconds=5)
    assert live.room(version, at=at).takers[0].left == timedelta(0)


def test_without_a_course_nobody_is_missed(educator: User, student: User) -> None:
    version = versions.version(educator)
    assert live.room(version, at=now()).takers == []
    attempt = attempts.started(version, student)
    assert live.room(version, at=attempt.started_at).takers == [
        Taker(student, attempt, 0, attempt.deadline - attempt.started_at)
    ]


def test_a_room_is_looked_into_with_two_queries_however_full_it_is(
    version: ExamVersion, course: Course, student: User, django_assert_num_queries
) -> None:
    attempts.started(version, student)
    with django_assert_num_queries(2):
        live.room(version, at=now())
    for number in range(4):
        user = people.student(f"s{number}@example.org")
        courses.enrol(course, user)
        attempts.started(version, user)
    with django_assert_num_queries(2):
        assert live.room(version, at=now()).working == 5


def test_an_announcement_is_kept_and_told(version: ExamVersion, educator: User) -> None:
    announcements.announce(
        version=version, text=" Question 3:\n read  “leaf”. \0", actor=educator
    )
    row = Announcement.objects.get()
    assert (row.text, row.announced_by) == ("Question 3: read “leaf”.", educator)
    (event,) = Event.objects.filter(name="exam.announced")
    assert event.data == {"announcement": str(row.id)}
