"""Where a code leads: into a course, or to an exam and through its course."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.codes import ALPHABET, LENGTH, normalised
from accounts.models import Course, Enrolment, User
from accounts.services import courses
from exams.models import ExamVersion


@dataclass(frozen=True, slots=True)
class Target:
    """What a code stands for. An exam without a course is open to everybody.

    `inside` when this person need not join any more, `teaches` when they cannot.
    """

    course: Course | None
    version: ExamVersion | None
    inside: bool
    teaches: bool


def find_target(*, typed: str, user: User) -> Target | None:
    """What somebody means by what they typed; None when no course or exam has it."""
    code = normalised(typed)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    course = courses.find_by_code(code)
    version = None if course else ExamVersion.objects.by_code(code)
    if version is not None:
        course = version.course
    elif course is None:
        return None
    if course is None:
        return Target(None, version, inside=True, teaches=False)
    enrolled = Enrolment.objects.students().filter(course=course, user=user).exists()
    teaches = Course.objects.for_user(user).filter(pk=course.pk).exists()
    return Target(course, version, inside=enrolled, teaches=teaches)
