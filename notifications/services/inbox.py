"""What a person is told on the site itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from examgen.jobs.clock import now
from notifications.messages import MESSAGES
from notifications.models import Delivery


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the list, in the words of whoever looks."""

    delivery: Delivery
    text: str
    icon: str


def lines(deliveries: Iterable[Delivery]) -> list[Line]:
    """Say each delivery in one line, from its facts alone: no query for any of them."""
    return [
        Line(delivery, _text(delivery), MESSAGES[delivery.message].icon)
        for delivery in deliveries
        if delivery.message in MESSAGES
    ]


def unread_count(person: User) -> int:
    return Delivery.objects.for_user(person).unread().count()


def unread_column(person: User) -> Combinable:
    """The same number as a column of any query."""
    unread = Delivery.objects.for_user(person).unread().order_by()
    counted = unread.values("recipient").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), 0)


def open_delivery(*, delivery: Delivery) -> str:
    """Mark it as read and return the path that it leads to."""
    _mark(delivery.recipient_id, delivery.id)
    message = MESSAGES.get(delivery.message)
    # A message of another release leads nowhere that one knows of.
    return reverse("home") if message is None else message.link(delivery)


def read_all(*, person: User) -> int:
    """Mark everything as read that is there now."""
    return _mark(person.id)


def _mark(person: uuid.UUID | None, delivery: uuid.UUID | None = None) -> int:
    # Told by no event: what somebody has looked at is nobody else's business.
    unread = Delivery.objects.filter(recipient=person).unread()
    if delivery is not None:
        unread = unread.filter(id=delivery)
    return unread.update(read_at=now())


def _text(delivery: Delivery) -> str:
    template = f"mail/{delivery.message}/subject.txt"
    return render_to_string(template, delivery.facts).strip()
