"""Asking people to come, by address: to a course, or to make exams."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.core.signing import BadSignature, Signer
from django.db import transaction

from accounts.models import Course, Enrolment, Invitation, User
from accounts.services import people
from accounts.services.enrolments import enrol
from examgen.jobs.clock import now
from examgen.jobs.events import record

MOST_AT_ONCE = 500
SENT_AGAIN_AFTER = timedelta(minutes=10)
# Writers wait for each other: many short transactions, not a long one.
_CHUNK = 50


class InvitationClosedError(Exception):
    """It cannot be accepted any more; `reason` is `expired` or `used`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sorted:
    """Addresses by what inviting them to a course would do."""

    new: list[str]
    invited: list[str]
    members: list[str]


def sort_out(*, course: Course, emails: Iterable[str]) -> Sorted:
    """Tell whom an invitation would reach from those who are in or invited already."""
    wanted = list(emails)
    inside = User.objects.filter(enrolments__course=course, enrolments__left_at=None)
    members = set(inside.filter(email__in=wanted).values_list("email", flat=True))
    members |= {course.owner.email}
    pending = Invitation.objects.pending().filter(course=course, email__in=wanted)
    invited = set(pending.values_list("email", flat=True)) - members
    return Sorted(
        new=[email for email in wanted if email not in members | invited],
        invited=[email for email in wanted if email in invited],
        members=[email for email in wanted if email in members],
    )


def invite(*, course: Course, emails: Iterable[str], actor: User) -> list[Invitation]:
    """Ask addresses to join; return the invitations that are on their way now.

    Who is in already, or has an invitation that waits, is left alone. Who accepted one
    and left since is asked anew.
    """
    wanted = sort_out(course=course, emails=dict.fromkeys(emails)).new
    made: list[Invitation] = []
    for chunk in _chunks(wanted):
        with transaction.atomic():
            rows = _asked(course, chunk, actor)
            for row in rows:
                record("course.invited", row, actor=actor.id)
        made += rows
    return made


def invite_educator(*, email: str, actor: User) -> Invitation:
    """Ask an address to make exams here; the role is granted on acceptance."""
    at = now()
    fresh = {"sent_at": at, "invited_by": actor}
    with transaction.atomic():
        invitation, _made = Invitation.objects.update_or_create(
            course=None,
            email=email,
            defaults={**fresh, "accepted_at": None, "accepted_by": None},
            create_defaults={**fresh, "created_at": at},
        )
        record("educator.invited", invitation, actor=actor.id)
    return invitation


def send_again(*, invitation: Invitation, actor: User) -> bool:
    """Have the mail sent once more; False when it was sent a moment ago.

    The link is good for its whole time from now on, in the old mail as well.
    """
    at = now()
    due = Invitation.objects.pending().filter(
        pk=invitation.pk, sent_at__lt=at - SENT_AGAIN_AFTER
    )
    with transaction.atomic():
        if not due.update(sent_at=at):
            return False
        name = "educator.invited" if invitation.to_teach else "course.invited"
        record(name, invitation, actor=actor.id)
    invitation.sent_at = at
    return True


def withdraw(*, invitation: Invitation, actor: User) -> bool:
    """Take back an invitation that nobody accepted; its link leads nowhere then.

    False when it was accepted, or is gone already.
    """
    with transaction.atomic():
        waiting = Invitation.objects.pending().filter(pk=invitation.pk)
        deleted, _rows = waiting.delete()
        if deleted:
            record("invitation.withdrawn", invitation, actor=actor.id)
    return bool(deleted)


def accept_invitation(*, invitation: Invitation, user: User) -> None:
    """Join, or become an educator, by an invitation; once more changes nothing.

    The course may be closed to codes: who was asked by name comes in. Raises
    InvitationClosedError, and CannotJoinError for those who teach there. Who has left
    since, or was taken out, does not come back by the same invitation.
    """
    with transaction.atomic():
        row = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if row.accepted_at is not None:
            if row.accepted_by_id != user.id or not _has_come(row, user):
                raise InvitationClosedError("used")
            return
        if row.expired(now()):
            raise InvitationClosedError("expired")
        row.accepted_at, row.accepted_by = now(), user
        row.save(update_fields=["accepted_at", "accepted_by"])
        invitation.accepted_at, invitation.accepted_by = row.accepted_at, user
        if row.course is None:
            people.grant_educator(user=user, actor=row.invited_by or user, invited=True)
        else:
            enrol(course=row.course, user=user, actor=user)


def invitation_token(invitation: Invitation) -> str:
    """What the mail's link carries. Nobody but the mail may show it: see the model."""
    return _signer().sign(invitation.id.hex)


def invitation_of(token: str) -> Invitation | None:
    """The invitation behind a link, in whatever state; None for one that is not ours."""
    try:
        found = uuid.UUID(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    rows = Invitation.objects.select_related("course__owner", "invited_by")
    return rows.filter(pk=found).first()


def _has_come(invitation: Invitation, user: User) -> bool:
    if invitation.course_id is None:
        return user.is_educator
    rows = Enrolment.objects.students().of(user)
    return rows.filter(course=invitation.course_id).exists()


def _asked(course: Course, emails: list[str], actor: User) -> list[Invitation]:
    """A fresh row for each address, or its accepted one made fresh, in few queries.

    Rows that another request made at the same moment are that one's to tell of.
    """
    at = now()
    old = Invitation.objects.filter(course=course, email__in=emails)
    accepted = list(old.exclude(accepted_at=None))
    again = {invitation.email: invitation.pk for invitation in accepted}
    old.filter(pk__in=again.values()).update(
        sent_at=at, invited_by=actor, accepted_at=None, accepted_by=None
    )
    new = [
        Invitation(
            course=course, email=email, invited_by=actor, created_at=at, sent_at=at
        )
        for email in emails
        if email not in again
    ]
    Invitation.objects.bulk_create(new, ignore_conflicts=True)
    ours = {*again.values(), *(invitation.pk for invitation in new)}
    order = {email: place for place, email in enumerate(emails)}
    return sorted(old.filter(pk__in=ours), key=lambda row: order[row.email])


def _signer() -> Signer:
    # The dot may stand in an address as it is; the colon of the default is escaped.
    return Signer(salt="accounts.invitation", sep=".")


def _chunks(emails: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(emails)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
