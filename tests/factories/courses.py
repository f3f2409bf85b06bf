"""Courses with people in them, made by the services that pages use."""

from __future__ import annotations

from typing import Any

from accounts.models import Course, Enrolment, Invitation, User
from accounts.services import courses as services
from tests.factories import people


def course(owner: User, name: str = "Botany", **fields: Any) -> Course:
    return services.create_course(owner=owner, name=name, **fields)


def enrolled(in_course: Course, user: User, **granted: Any) -> Enrolment:
    """A student of the course; `granted` are fields of the enrolment."""
    enrolment = services.join(course=in_course, user=user)
    Enrolment.objects.filter(pk=enrolment.pk).update(**granted)
    enrolment.refresh_from_db()
    return enrolment


def students(in_course: Course, number: int) -> list[Enrolment]:
    """So many people, each new to the site, as students of the course."""
    start = in_course.enrolments.count()
    return [
        enrolled(
            in_course,
            people.student(f"s{n:04d}@example.org", name=f"Student {n:04d}"),
        )
        for n in range(start, start + number)
    ]


def invited(to: Course, email: str = "ada@example.org") -> Invitation:
    (invitation,) = services.invite(course=to, emails=[email], actor=to.owner)
    return invitation
