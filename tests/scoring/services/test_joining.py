"""What a code leads to, and how often a wrong one may be tried."""

from __future__ import annotations

import pytest

from accounts.codes import spoken
from accounts.models import User
from accounts.services import courses as services
from accounts.services.guesses import MOST_OF_PERSON, Guesser
from scoring.services import joining
from scoring.services.joining import TooManyGuessesError
from tests.factories import courses, people, versions

pytestmark = pytest.mark.django_db


@pytest.fixture
def guesser(student: User) -> Guesser:
    return Guesser("192.0.2.7", student.pk)


def test_a_code_leads_to_its_course_however_typed(
    educator: User, guesser: Guesser
) -> None:
    course = courses.course(educator)
    for typed in (course.code, spoken(course.code).lower(), f" {course.code} "):
        found = joining.find(typed, guesser=guesser)
        assert found == joining.Found(course.code, course, None)


def test_a_code_leads_to_its_exam_and_with_it_to_the_course(
    educator: User, guesser: Guesser
) -> None:
    course = courses.course(educator)
    version = versions.version(educator, course=course)
    found = joining.find(spoken(version.code).lower(), guesser=guesser)
    assert found == joining.Found(version.code, course, version)


@pytest.mark.parametrize("typed", ["", "K7PM", "OOOO0000", "\0" * 8, "é" * 8, "/" * 8])
def test_what_can_be_no_code_leads_nowhere(guesser: Guesser, typed: str) -> None:
    assert joining.find(typed, guesser=guesser) is None


def test_after_ten_wrong_codes_a_right_one_is_not_looked_at(
    educator: User, guesser: Guesser
) -> None:
    course = courses.course(educator)
    for _ in range(MOST_OF_PERSON):
        assert joining.find("K7PM4XWD", guesser=guesser) is None
    with pytest.raises(TooManyGuessesError):
        joining.find(course.code, guesser=guesser)
    another = Guesser(guesser.address, educator.pk)
    assert joining.find(course.code, guesser=another) is not None


def test_who_is_in_and_who_teaches(educator: User, student: User) -> None:
    course = courses.course(educator)
    colleague = people.educator("second@example.org")
    services.add_educator(course=course, email=colleague.email, actor=educator)
    found = joining.Found(course.code, course, None)
    courses.enrolled(course, student)
    told = [
        (joining.is_in(found, user), joining.teaches(found, user))
        for user in (student, educator, colleague, people.student("other@example.org"))
    ]
    assert told == [(True, False), (False, True), (False, True), (False, False)]


def test_an_exam_without_a_course_needs_no_joining(
    educator: User, student: User
) -> None:
    version = versions.version(educator)
    found = joining.Found(version.code, None, version)
    assert joining.is_in(found, student)
    assert [joining.teaches(found, who) for who in (student, educator)] == [False, True]
