"""What people want to be told, by which channel."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core import signing
from django.db import transaction

from accounts.models import User
from examgen.jobs.events import record
from notifications.messages import MESSAGES, Message
from notifications.models import Subscription
from notifications.states import Channel

Choice = tuple[str, Channel]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an unsubscribe link is about."""

    person: User
    message: Message


def choices_of(person: User) -> dict[Choice, bool]:
    """Every choice this person has, and how it stands."""
    said = _said_by(person)
    return {
        (message.name, channel): said.get(
            (message.name, channel), channel in message.wanted
        )
        for message in MESSAGES.values()
        if message.optional and (person.is_educator or not message.for_educators)
        for channel in Channel
    }


def wants(person: User, message: Message, channel: Channel) -> bool:
    """Whether this person wants this message by this channel."""
    if not message.optional:
        return channel in message.wanted
    own = Subscription.objects.for_user(person).filter(
        message=message.name, channel=channel
    )
    said = own.values_list("wanted", flat=True).first()
    return channel in message.wanted if said is None else bool(said)


@transaction.atomic
def choose(*, person: User, choices: Mapping[Choice, bool]) -> int:
    """Keep what this person wants; returns how many choices that changed."""
    standing = choices_of(person)
    changed = [
        (choice, wanted)
        for choice, wanted in choices.items()
        if choice in standing and standing[choice] != wanted
    ]
    for (message, channel), wanted in changed:
        Subscription.objects.update_or_create(
            recipient=person,
            message=message,
            channel=channel,
            defaults={"wanted": wanted},
        )
        record(
            "subscription.changed",
            person,
            actor=person.id,
            message=message,
            channel=channel.value,
            wanted=wanted,
        )
    return len(changed)


def unsubscribe_token(person: User, message: str) -> str:
    """What the link in a mail carries: this person, this message, our signature."""
    return _signer().sign_object([person.id.hex, message])


def ticket_of(token: str) -> Ticket | None:
    """Read such a link; None when we never made it, or what it is about is gone."""
    try:
        person_id, name = _signer().unsign_object(token)
        person = User.objects.filter(id=uuid.UUID(person_id)).first()
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    message = MESSAGES.get(name)
    if person is None or message is None or not message.optional:
        return None
    return Ticket(person, message)


def _signer() -> signing.Signer:
    # Whoever has the link may use it, for ever: mails are read years later, and all
    # that it can do is to switch one message of one person off and on.
    return signing.Signer(salt="notifications.unsubscribe")


def _said_by(person: User) -> dict[Choice, bool]:
    rows: Iterable[tuple[str, str, bool]] = Subscription.objects.for_user(
        person
    ).values_list("message", "channel", "wanted")
    return {(message, Channel(channel)): wanted for message, channel, wanted in rows}
