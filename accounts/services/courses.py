"""A course and its code. Who is in it: `enrolments`; who was asked: `invitations`."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.codes import (
    ALPHABET,
    LENGTH,
    leads_elsewhere,
    new_code,
    normalised,
)
from accounts.models import Course, User
from accounts.services.enrolments import (
    CannotJoinError,
    CannotTeachError,
    accommodate,
    add_educator,
    bring_back,
    join,
    leave,
)
from accounts.services.invitations import (
    InvitationClosedError,
    accept_invitation,
    invitation_of,
    invitation_token,
    invite,
    send_again,
    withdraw,
)
from examgen.jobs.clock import now
from examgen.jobs.events import record

__all__ = [
    "CannotJoinError",
    "CannotTeachError",
    "InvitationClosedError",
    "accept_invitation",
    "accommodate",
    "add_educator",
    "bring_back",
    "change_course",
    "create_course",
    "find_by_code",
    "invitation_of",
    "invitation_token",
    "invite",
    "join",
    "join_link",
    "leave",
    "renew_code",
    "send_again",
    "withdraw",
]

_CODES = 5


def create_course(
    *, owner: User, name: str, open_to_join: bool = True, aliases: bool = True
) -> Course:
    """A course with a code of its own, open to whoever has it."""

    def create(code: str) -> Course:
        course = Course.objects.create(
            owner=owner,
            name=name,
            code=code,
            open_to_join=open_to_join,
            aliases=aliases,
            created_at=now(),
        )
        record("course.created", course, actor=owner.id)
        return course

    return _with_new_code(create)


def change_course(
    *,
    course: Course,
    actor: User,
    name: str | None = None,
    open_to_join: bool | None = None,
    aliases: bool | None = None,
) -> None:
    """Change what is given; what is None stays."""
    wanted = {"name": name, "open_to_join": open_to_join, "aliases": aliases}
    changed = [
        field
        for field, value in wanted.items()
        if value is not None and value != getattr(course, field)
    ]
    if not changed:
        return
    with transaction.atomic():
        for field in changed:
            setattr(course, field, wanted[field])
        course.save(update_fields=changed)
        record("course.changed", course, actor=actor.id, changed=", ".join(changed))


def renew_code(*, course: Course, actor: User) -> None:
    """Give the course another code; the old one leads nowhere from now on."""

    def renew(code: str) -> Course:
        course.code = code
        course.save(update_fields=["code"])
        record("course.changed", course, actor=actor.id, changed="code")
        return course

    _with_new_code(renew)


def find_by_code(typed: str) -> Course | None:
    """The course that somebody means, typed in whatever way; open or not."""
    code = normalised(typed)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return Course.objects.filter(code=code).select_related("owner").first()


def join_link(course: Course) -> str:
    """The address that leads into the course, as shown to a class and in its QR."""
    return f"{settings.SITE_URL}/join/{course.code}/"


def _with_new_code(write: Callable[[str], Course]) -> Course:
    """Call `write` with a code that nothing else has; that one is taken is rare."""
    for _ in range(_CODES - 1):
        try:
            with transaction.atomic():
                return write(_drawn())
        except IntegrityError:
            continue
    with transaction.atomic():
        return write(_drawn())


def _drawn() -> str:
    """A code that is not an exam's: the course would stand before it at `/join/`."""
    while leads_elsewhere(code := new_code()):
        pass
    return code
