"""Courses with people in them, made by the services that pages use."""

from __future__ import annotations

from typing import Any

from accounts.models import Course, Enrolment, Invitation, User
from accounts.services import courses as services
from tests.factories import people


def course(
    owner: User, *members: User, name: str = "Botany", open_to_join: bool = True
) -> Course:
    """A course with these students in it."""
    made = services.create_course(owner=owner, name=name, open_to_join=open_to_join)
    for member in members:
        enrol(made, member)
    return made


def enrol(to: Course, user: User, **granted: Any) -> Enrolment:
    """A student of the course; `granted` are fields of the enrolment."""
    return _granted(services.join(course=to, user=user), granted)


def students(to: Course, number: int, **granted: Any) -> list[Enrolment]:
    """So many people, each new to the site, as students of the course."""
    start = to.enrolments.count()
    return [
        enrol(
            to,
            people.student(
                f"s{n:04d}-{to.code}@example.org".lower(), name=f"Student {n:04d}"
            ),
            **granted,
        )
        for n in range(start, start + number)
    ]


def teach(to: Course, educator: User, **granted: Any) -> Enrolment:
    """One more educator of the course."""
    enrolment = services.add_educator(course=to, email=educator.email, actor=to.owner)
    return _granted(enrolment, granted)


def invite(to: Course, email: str = "ada@example.org") -> Invitation:
    (invitation,) = services.invite(course=to, emails=[email], actor=to.owner)
    return invitation


def _granted(enrolment: Enrolment, fields: dict[str, Any]) -> Enrolment:
    Enrolment.objects.filter(pk=enrolment.pk).update(**fields)
    enrolment.refresh_from_db()
    return enrolment
