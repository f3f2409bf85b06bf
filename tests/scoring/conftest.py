"""A published exam of every kind, and those who take it."""

from __future__ import annotations

import pytest

from accounts.models import Course, User
from exams.models import ExamVersion
from tests.factories import courses, people, versions


@pytest.fixture
def course(educator: User, student: User) -> Course:
    return courses.course(educator, student)


@pytest.fixture
def classmate(course: Course) -> User:
    person = people.student("kim@example.org")
    courses.enrol(course, person)
    return person


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    """One question of each kind, half an hour, one attempt, results after the close."""
    return versions.version(educator, course=course, minutes=30)
