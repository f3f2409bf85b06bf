"""From one event to a delivery for each addressee, and a job for each mail."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from urllib.parse import urlsplit

from django.conf import settings

from examgen.jobs.clock import now
from examgen.jobs.runner import Child, Run
from notifications.messages import MESSAGES, Notice, due_at_once
from notifications.models import Delivery, Subscription
from notifications.services.lifecycle import begin, wait_again
from notifications.states import REVIVED, Channel, DeliveryState

Wishes = Mapping[tuple[uuid.UUID, str, str], bool]

DELIVER = "notifications.deliver"
# The id of a delivery is made from what must be unique of it, so that a fan-out that is
# repeated, or reached by two events, finds the rows that are there.
_NAMESPACE = uuid.UUID("7d8f1f2a-6f0b-4c55-9d43-5f2d7c1b9e60")
# Rows that are asked for and inserted at once.
_BATCH = 500


def announce(*, run: Run) -> None:
    """Tell everybody whom the event makes due without any waiting."""
    notices = list(
        chain.from_iterable(
            message.audience(run.event) for message in due_at_once(run.event.name)
        )
    )
    with run.finish():
        fan_out(run, notices)


def fan_out(run: Run, notices: Iterable[Notice]) -> None:
    """Write the deliveries and the jobs that send them; only inside `finish()`.

    On the site a delivery is shown at once; a mail is sent by a job of its own, which
    asks again whether the addressee may and wants to know.
    """
    at, remaining = now(), iter(notices)
    while batch := list(islice(remaining, _BATCH)):
        wishes = _wishes(batch)
        rows = [row for notice in batch for row in _rows(notice, wishes, at)]
        known = dict(
            Delivery.objects.filter(id__in=[row.id for row in rows]).values_list(
                "id", "reason"
            )
        )
        new = [row for row in rows if row.id not in known]
        Delivery.objects.bulk_create(new, ignore_conflicts=True)
        again = [row.id for row in rows if known.get(row.id) in REVIVED]
        wait_again(again)
        run.enqueue_many(
            [
                *(
                    Child(f"mail:{row.id}", row.id, DELIVER)
                    for row in new
                    if row.state == DeliveryState.WAITING
                ),
                *(
                    Child(f"mail:{row_id}:{run.job.id}", row_id, DELIVER)
                    for row_id in again
                ),
            ]
        )


def delivery_id(notice: Notice, channel: Channel) -> uuid.UUID:
    addressee = notice.recipient or notice.invitation
    parts = (notice.occasion, addressee, notice.message, channel.value)
    return uuid.uuid5(_NAMESPACE, "/".join(map(str, parts)))


def message_id(delivery: uuid.UUID) -> str:
    """The mail's own id: the same however often it is tried."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{delivery}@{host}>"


def _wishes(batch: Sequence[Notice]) -> Wishes:
    """What the addressees of a batch once said about these messages."""
    said = Subscription.objects.filter(
        message__in={notice.message for notice in batch},
        recipient__in={notice.recipient for notice in batch if notice.recipient},
    )
    return {
        (person, message, channel): wanted
        for person, message, channel, wanted in said.values_list(
            "recipient", "message", "channel", "wanted"
        )
    }


def _rows(notice: Notice, wishes: Wishes, at: datetime) -> Iterator[Delivery]:
    """One delivery per channel: the mail to be sent, the line on the site there."""
    message = MESSAGES[notice.message]
    for channel in Channel:
        wanted = channel in message.wanted
        if not wanted and not message.optional:
            continue
        if message.optional and notice.recipient is not None:
            said = (notice.recipient, notice.message, channel.value)
            wanted = wishes.get(said, wanted)
        row = Delivery(
            id=delivery_id(notice, channel),
            event=notice.occasion,
            recipient_id=notice.recipient,
            invitation_id=notice.invitation,
            message=notice.message,
            channel=channel,
            subject_id=notice.subject,
            facts=dict(notice.facts),
            created_at=at,
        )
        if channel == Channel.EMAIL:
            row.message_id = message_id(row.id)
        begin(row, wanted=wanted)
        yield row
