"""Messages about coming in: a new account, an invitation to a course."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from accounts.services.courses import invitation_token
from notifications.messages.base import Message, Notice, UnfitError
from notifications.states import Channel, Reason

if TYPE_CHECKING:
    from examgen.jobs.models import Event
    from notifications.models import Delivery


def _newcomer(event: Event) -> Iterator[Notice]:
    for user in User.objects.filter(id=event.subject_id):
        yield Notice(
            message=WELCOME.name,
            occasion=event.id,
            subject=user.id,
            recipient=user.id,
        )


def _welcome_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    assert delivery.recipient is not None
    return {"user": delivery.recipient}


def _invited(event: Event) -> Iterator[Notice]:
    for invitation in Invitation.objects.filter(id=event.subject_id):
        yield Notice(
            message=INVITATION.name,
            occasion=event.id,
            subject=invitation.id,
            invitation=invitation.id,
            facts={"course": str(invitation.course or "")},
        )


def _invitation_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    invitation = delivery.invitation
    assert invitation is not None
    if invitation.accepted_at is not None:
        raise UnfitError(Reason.ACCEPTED)
    # Whoever is asked to make exams is asked by the site, not by a course.
    host = getattr(invitation.course, "owner", "")
    return {"course": str(invitation.course or ""), "host": str(host)}


def _invitation_link(delivery: Delivery) -> str:
    assert delivery.invitation is not None
    return reverse("invitation", args=[invitation_token(delivery.invitation)])


def _granted(event: Event) -> Iterator[Notice]:
    """Who may make exams now; whoever accepted an invitation to it knows."""
    if not event.data.get("invited"):
        yield from _person(GRANTED, event)


def _declined(event: Event) -> Iterator[Notice]:
    return _person(DECLINED, event)


def _without_second_factor(event: Event) -> Iterator[Notice]:
    return _person(SECOND_FACTOR_REMOVED, event)


def _person(message: Message, event: Event) -> Iterator[Notice]:
    for user in User.objects.filter(id=event.subject_id):
        yield Notice(
            message=message.name,
            occasion=event.id,
            subject=user.id,
            recipient=user.id,
        )


def _granted_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    assert delivery.recipient is not None
    if not delivery.recipient.is_educator:
        raise UnfitError(Reason.OUTDATED)
    return {}


def _declined_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    person = delivery.recipient
    assert person is not None
    if person.is_educator or person.educator_declined_at is None:
        raise UnfitError(Reason.OUTDATED)
    return {"reason": person.educator_decline_reason}


WELCOME = Message(
    name="welcome",
    title=_("Your account is ready"),
    icon="user",
    events=("user.signed_up",),
    audience=_newcomer,
    words=_welcome_words,
    link=lambda _: reverse("home"),
    optional=False,
)
INVITATION = Message(
    name="invitation",
    title=_("An invitation"),
    icon="people",
    events=("course.invited", "educator.invited"),
    audience=_invited,
    words=_invitation_words,
    link=_invitation_link,
    # Whoever is invited may have no account, so nothing can be shown on the site.
    wanted=frozenset({Channel.EMAIL}),
    optional=False,
)

GRANTED = Message(
    name="educator_granted",
    title=_("You may make exams"),
    icon="check",
    events=("user.became_educator",),
    audience=_granted,
    words=_granted_words,
    link=lambda _: reverse("lectures"),
    optional=False,
)
DECLINED = Message(
    name="educator_declined",
    title=_("Your wish to make exams"),
    icon="user",
    events=("user.educator_declined",),
    audience=_declined,
    words=_declined_words,
    link=lambda _: reverse("home"),
    optional=False,
)
SECOND_FACTOR_REMOVED = Message(
    name="second_factor_removed",
    title=_("Second factor removed"),
    icon="key",
    events=("user.second_factors_removed",),
    audience=_without_second_factor,
    words=lambda _delivery, _at: {},
    link=lambda _: reverse("mfa_index"),
    optional=False,
)

MESSAGES = (WELCOME, INVITATION, GRANTED, DECLINED, SECOND_FACTOR_REMOVED)
