"""Who is in a course: coming, leaving, coming back, and what each is granted."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.aliases import new_alias
from accounts.models import Course, Enrolment, Invitation, User
from accounts.states import Role
from examgen.jobs.clock import now
from examgen.jobs.events import record

_PLAIN_ALIASES, _ALIASES = 4, 12


class CannotJoinError(Exception):
    """Somebody who cannot become a student of a course; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotTeachError(Exception):
    """Somebody who cannot become an educator of a course; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def join(*, course: Course, user: User) -> Enrolment:
    """Make `user` a student of `course`, as whoever has its code may.

    Joining again changes nothing. A person who left comes back with what they were
    granted. Raises CannotJoinError: `closed`, or `teaches` for its educators.
    """
    with transaction.atomic():
        enrolment = _found(course, user)
        gone = enrolment is None or enrolment.left_at is not None
        if gone and course.owner_id != user.id and not _is_open(course):
            raise CannotJoinError("closed")
        return enrol(course=course, user=user, actor=user)


def enrol(*, course: Course, user: User, actor: User) -> Enrolment:
    """Make `user` a student whether or not the course is open; call it in `atomic`.

    Settles an invitation to their address, by whichever way they came.
    """
    if course.owner_id == user.id:
        raise CannotJoinError("teaches")
    enrolment = _found(course, user) or _made(course, user, Role.STUDENT, actor)
    if enrolment.left_at is not None:
        _bring_back(enrolment, Role.STUDENT, actor)
    elif enrolment.role == Role.EDUCATOR:
        raise CannotJoinError("teaches")
    invited = Invitation.objects.pending().filter(course=course, email=user.email)
    invited.update(accepted_at=now(), accepted_by=user)
    return enrolment


def leave(*, enrolment: Enrolment, actor: User) -> None:
    """Take somebody out; the row stays, so that `bring_back` loses nothing."""
    with transaction.atomic():
        at = now()
        if Enrolment.objects.filter(pk=enrolment.pk, left_at=None).update(left_at=at):
            enrolment.left_at = at
            record("enrolment.left", enrolment, actor=actor.id)


def bring_back(*, enrolment: Enrolment, actor: User) -> None:
    """Undo a removal: the same person, with what they were granted."""
    with transaction.atomic():
        _bring_back(enrolment, Role(enrolment.role), actor)


def accommodate(
    *, enrolment: Enrolment, multiplier: Decimal, extra_minutes: int, actor: User
) -> None:
    """Grant time from the next start on; running attempts are extended elsewhere.

    The event says nothing of how much: that is the person's own matter.
    """
    if (enrolment.multiplier, enrolment.extra_minutes) == (multiplier, extra_minutes):
        return
    with transaction.atomic():
        enrolment.multiplier, enrolment.extra_minutes = multiplier, extra_minutes
        enrolment.save(update_fields=["multiplier", "extra_minutes"])
        record("enrolment.accommodated", enrolment, actor=actor.id)


def add_educator(*, course: Course, email: str, actor: User) -> Enrolment:
    """Let an educator teach beside the owner.

    Raises CannotTeachError: `unknown` for an address that no educator has (a student's
    looks the same), `owner`, or `teaches` for whoever is one already.
    """
    user = User.objects.filter(
        email=email.strip().lower(), role=Role.EDUCATOR, is_active=True
    ).first()
    if user is None:
        raise CannotTeachError("unknown")
    if course.owner_id == user.id:
        raise CannotTeachError("owner")
    with transaction.atomic():
        enrolment = _found(course, user)
        if enrolment is None:
            return _made(course, user, Role.EDUCATOR, actor)
        if enrolment.left_at is not None or enrolment.role == Role.STUDENT:
            _bring_back(enrolment, Role.EDUCATOR, actor)
            return enrolment
    raise CannotTeachError("teaches")


def _is_open(course: Course) -> bool:
    # Asked anew: the educator may have closed the door since the page was drawn.
    return Course.objects.filter(pk=course.pk, open_to_join=True).exists()


def _found(course: Course, user: User) -> Enrolment | None:
    return Enrolment.objects.filter(course=course, user=user).first()


def _made(course: Course, user: User, role: Role, actor: User) -> Enrolment:
    """A new row, or the one that another request made at the same moment."""
    for attempt in range(_ALIASES):
        alias = new_alias(numbered=attempt >= _PLAIN_ALIASES)
        try:
            with transaction.atomic():
                enrolment = Enrolment.objects.create(
                    course=course, user=user, role=role, alias=alias, created_at=now()
                )
                record("enrolment.joined", enrolment, actor=actor.id, role=role.value)
        except IntegrityError:
            # Either this person is in by now, or somebody else has the alias.
            if found := _found(course, user):
                return found
        else:
            return enrolment
    raise RuntimeError("no alias is free")


def _bring_back(enrolment: Enrolment, role: Role, actor: User) -> None:
    """Set the role and end an absence; told only when that changed something."""
    other = Enrolment.objects.filter(pk=enrolment.pk).exclude(role=role, left_at=None)
    if other.update(role=role, left_at=None):
        record("enrolment.joined", enrolment, actor=actor.id, role=role.value)
    enrolment.role, enrolment.left_at = role, None
