"""What must always hold for deliveries. Each function names the broken rows.

That there is one delivery per event, addressee, message and channel is a constraint of
the table, and so is that what was sent has its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, Q

from examgen.jobs.invariants import Violation
from examgen.jobs.models import Job
from examgen.jobs.states import OPEN
from notifications.models import Delivery
from notifications.services.announce import DELIVER
from notifications.states import Channel, DeliveryState


def every_waiting_mail_has_its_job() -> Iterator[Violation]:
    # In one query: a mail may be sent between two.
    job = Job.objects.filter(subject=OuterRef("pk"), consumer=DELIVER, state__in=OPEN)
    waiting = Delivery.objects.filter(~Exists(job), state=DeliveryState.WAITING)
    for delivery in waiting:
        yield Violation("I5", f"delivery {delivery.id}", "waits for no job")


def every_mail_that_ended_says_how() -> Iterator[Violation]:
    """Sent, with its time and Message-ID; or not sent, with a reason."""
    ended = Delivery.objects.exclude(state=DeliveryState.WAITING)
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    # The table refuses such rows, but a restored one may never have met the table's
    # rules: then this names it.
    for delivery in sent.filter(
        Q(sent_at=None) | Q(channel=Channel.EMAIL, message_id="")
    ):
        problem = "sent without its time or Message-ID"
        yield Violation("I5", f"delivery {delivery.id}", problem)
    for delivery in ended.exclude(state=DeliveryState.SENT).filter(reason=""):
        problem = f"{delivery.state} without a reason"
        yield Violation("I5", f"delivery {delivery.id}", problem)
    for delivery in ended.exclude(begun_at=None):
        yield Violation("I5", f"delivery {delivery.id}", "ended and on its way")


INVARIANTS: tuple[Callable[[], Iterator[Violation]], ...] = (
    every_waiting_mail_has_its_job,
    every_mail_that_ended_says_how,
)
