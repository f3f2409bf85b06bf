"""What a code leads to: a course, or a published exam and with it its course."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.codes import ALPHABET, LENGTH, normalised
from accounts.models import Course, User
from accounts.services import courses, guesses
from accounts.services.guesses import Guesser
from exams.models import ExamVersion


class TooManyGuessesError(Exception):
    """So many wrong codes that the next one is not looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """`version` is None for the code of a course, `course` for an exam without one."""

    code: str
    course: Course | None
    version: ExamVersion | None


def find(typed: str, *, guesser: Guesser) -> Found | None:
    """Look a code up, typed in whatever way; a wrong one counts against the guesser.

    Raises TooManyGuessesError, also for a code that may be right.
    """
    if guesses.too_many(guesser):
        raise TooManyGuessesError
    if course := courses.find_by_code(typed):
        return Found(course.code, course, None)
    if version := _version(typed):
        return Found(version.code, version.course, version)
    guesses.count_wrong(guesser)
    return None


def is_in(found: Found, user: User) -> bool:
    """Whether the person needs to join nothing: a student of the course, or no course."""
    course = found.course
    if course is None:
        return True
    return Course.objects.attended_by(user).filter(pk=course.pk).exists()


def teaches(found: Found, user: User) -> bool:
    """Whether it is the person's own course or exam."""
    if found.version is not None and found.version.exam.owner_id == user.pk:
        return True
    course = found.course
    return (
        course is not None
        and Course.objects.for_user(user).filter(pk=course.pk).exists()
    )


def _version(typed: str) -> ExamVersion | None:
    code = normalised(typed)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    rows = ExamVersion.objects.headlines().select_related("exam", "course__owner")
    return rows.filter(code=code).first()
