"""What a message is: the event it answers, who is told, and in which words."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from notifications.states import Channel, Reason

if TYPE_CHECKING:
    from examgen.jobs.models import Event
    from notifications.models import Delivery

BOTH = frozenset(Channel)


class Timing(Enum):
    """When the event makes the message due.

    `WHEN_RELEASED`: once the student may see it, whatever event brings that about.
    `COALESCED`: many events, few messages; see `notifications.services.boards`.
    """

    AT_ONCE = "at_once"
    WHEN_RELEASED = "when_released"
    COALESCED = "coalesced"


class UnfitError(Exception):
    """A delivery is not to be sent: its addressee may not or need not know."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One addressee who is to be told something.

    `occasion` makes it happen once: the event's id, or what `Delivery.event` says.
    """

    message: str
    occasion: uuid.UUID
    subject: uuid.UUID
    recipient: uuid.UUID | None = None
    invitation: uuid.UUID | None = None
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One kind of message.

    `audience` names the addressees when the event happens. `words` is asked at the
    moment of sending: it returns what the templates need beside the facts, or raises
    UnfitError when the addressee has lost the right to know. `link` is where the
    message leads. `wanted` are the channels of whoever never said otherwise; who they
    are cannot be changed unless `optional`.

    Templates: `mail/<name>/subject.txt` (also the line on the site, so it may use the
    facts alone), `body.txt` and `body.html`.
    """

    name: str
    title: Promise
    icon: str
    events: tuple[str, ...]
    audience: Callable[[Event], Iterable[Notice]]
    words: Callable[[Delivery, datetime], dict[str, Any]]
    link: Callable[[Delivery], str]
    timing: Timing = Timing.AT_ONCE
    wanted: frozenset[Channel] = BOTH
    optional: bool = True
    for_educators: bool = False
