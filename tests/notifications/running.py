"""Letting jobs run, also those that wait for a later hour."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from examgen.jobs import claims, runner
from examgen.jobs.clock import now
from examgen.jobs.models import Job
from examgen.jobs.states import WAITING
from examgen.jobs.wiring import QUEUES
from notifications.models import Delivery
from notifications.services import transport
from notifications.services.announce import DELIVER
from notifications.states import Channel
from tests.factories.lectures import run_jobs


def run_later() -> int:
    """Let the hour come for which jobs wait, and run them."""
    transport.pause.end()
    Job.objects.filter(state__in=WAITING).update(run_after=now())
    return run_jobs()


def fan_out() -> None:
    """Run the jobs of events; those of mails wait on."""
    mails = Job.objects.filter(consumer=DELIVER, state__in=WAITING)
    events = Job.objects.exclude(consumer=DELIVER).filter(state__in=WAITING)
    while events.filter(run_after__lte=now()).exists():
        mails.update(run_after=now() + timedelta(hours=1))
        job = claims.claim(QUEUES)
        assert job is not None
        runner.run(job)
    mails.update(run_after=now())


def pass_time(**span: int) -> None:
    """Let jobs and deliveries be so much older; events can never be changed."""
    earlier = timedelta(**span)
    for model, fields in {
        Job: ["created_at", "run_after"],
        Delivery: ["created_at"],
    }.items():
        model.objects.update(**{field: F(field) - earlier for field in fields})


def mail(message: str) -> Delivery:
    """The one mail of this message."""
    return Delivery.objects.get(message=message, channel=Channel.EMAIL)


def mails(message: str) -> list[Delivery]:
    found = Delivery.objects.filter(message=message, channel=Channel.EMAIL)
    return list(found.order_by("recipient__email"))


__all__ = ["fan_out", "mail", "mails", "pass_time", "run_jobs", "run_later"]
