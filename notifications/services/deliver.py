"""Sending one delivery: once, to somebody who may and wants to know.

Between the server's "250" and our commit lies a moment in which a crash leaves nobody
knowing: `settings.MAIL_AFTER_CRASH` says what happens then. The mail keeps its
Message-ID, so that mail programs show a repeated one once.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from accounts.models import User
from examgen.jobs.by_hand import CANCELLED
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.runner import Run
from notifications.messages import MESSAGES, UnfitError
from notifications.models import Delivery
from notifications.services import composing, transport
from notifications.services.announce import DELIVER
from notifications.services.lifecycle import move_delivery
from notifications.services.subscriptions import wants
from notifications.states import Channel, DeliveryState, Reason

log = structlog.get_logger(__name__)

_LONGEST_WAIT = timedelta(minutes=30)


def deliver(*, run: Run) -> None:
    """Send a mail that waits; one that was settled meanwhile is left alone."""
    waiting = Delivery.objects.filter(
        id=run.subject, channel=Channel.EMAIL, state=DeliveryState.WAITING
    )
    delivery = waiting.select_related("recipient", "invitation__course__owner").first()
    if delivery is None:
        return
    try:
        mail = _compose(delivery)
    except UnfitError as unfit:
        _settle_unfit(run, delivery, unfit.reason)
        return
    if transport.pause.left:
        _postpone(run, delivery, transport.pause.problem)
    elif _begin(run, delivery):
        _send(run, delivery, mail)


def send_again(*, delivery: Delivery, actor: User) -> bool:
    """Try a failed or skipped mail again, because a person says so.

    False when it is not one of these any more. What made it unfit is asked again.
    """
    again = (DeliveryState.FAILED, DeliveryState.SKIPPED)
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(no_key=True)
        row = rows.filter(id=delivery.id, channel=Channel.EMAIL).first()
        if row is None or row.state not in again:
            return False
        move_delivery(row, DeliveryState.WAITING)
        record("delivery.requested", row, actor=actor.id)
    return True


def give_up(*, run: Run) -> None:
    """A dead or cancelled job sends nothing any more: its mail has failed."""
    stopped = run.event.name == CANCELLED
    reason = Reason.STOPPED if stopped else Reason.GAVE_UP
    with run.finish():
        if run.event.data["consumer"] != DELIVER:
            return
        waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
        if delivery := waiting.filter(id=run.subject).first():
            detail = "" if stopped else str(run.event.data["code"])
            move_delivery(delivery, DeliveryState.FAILED, reason=reason, detail=detail)


def _compose(delivery: Delivery) -> EmailMessage:
    """Ask again whether the addressee wants and may know it, then write the mail."""
    message = MESSAGES.get(delivery.message)
    if message is None:
        raise UnfitError(Reason.UNKNOWN)
    if person := delivery.recipient:
        if not person.is_active:
            raise UnfitError(Reason.INACTIVE)
        if not wants(person, message, Channel.EMAIL):
            raise UnfitError(Reason.UNWANTED)
        if not _confirmed(person):
            raise UnfitError(Reason.UNCONFIRMED)
    mail = composing.compose(delivery, now())
    # What cannot be written at all is found out before the server is asked.
    mail.message().as_bytes()
    return mail


def _confirmed(person: User) -> bool:
    """Whether the address is theirs; one that allauth never asked about is trusted."""
    known = EmailAddress.objects.filter(user=person, email__iexact=person.email)
    return known.values_list("verified", flat=True).first() is not False


def _begin(run: Run, delivery: Delivery) -> bool:
    """Note that the mail is on its way, before it is; False when it is not to go now.

    The note of an earlier try without an end: that worker died in the middle, or is
    still at it.
    """
    at, begun = now(), delivery.begun_at
    lease = timedelta(seconds=settings.JOB_LEASE_SECONDS)
    if begun is not None and at - begun < lease / 2:
        with run.postpone(begun + lease, "begun"):
            return False
    if begun is not None and settings.MAIL_AFTER_CRASH == "hold":
        with run.finish():
            move_delivery(delivery, DeliveryState.FAILED, reason=Reason.HELD)
        return False
    run.progress("sending")
    mine = Delivery.objects.filter(
        id=delivery.id, state=DeliveryState.WAITING, begun_at=begun
    )
    repeated = 0 if begun is None else 1
    if repeated:
        log.warning("mail_sent_again", delivery=str(delivery.id))
    if not mine.update(
        begun_at=at, tries=F("tries") + 1, repeats=F("repeats") + repeated
    ):
        with run.postpone(at + lease, "begun"):
            return False
    return True


def _send(run: Run, delivery: Delivery, mail: EmailMessage) -> None:
    try:
        transport.send(mail)
    except transport.MailError as error:
        problem = error.problem
        if error.uncertain and settings.MAIL_AFTER_CRASH == "hold":
            problem = transport.Problem(Reason.HELD, problem.detail, final=True)
        if problem.final:
            _fail(run, delivery, problem)
        else:
            _postpone(run, delivery, problem, perhaps_sent=error.uncertain)
        return
    with run.finish():
        move_delivery(delivery, DeliveryState.SENT, sent_at=now())


def _settle_unfit(run: Run, delivery: Delivery, reason: Reason) -> None:
    if reason == Reason.UNCONFIRMED and not _out_of_patience(run, now()):
        # Whoever has just signed up confirms in a minute, or never.
        _postpone(run, delivery, transport.Problem(reason, ""))
        return
    with run.finish():
        move_delivery(delivery, DeliveryState.SKIPPED, reason=reason)


def _fail(run: Run, delivery: Delivery, problem: transport.Problem) -> None:
    log.warning("mail_failed", delivery=str(delivery.id), code=problem.reason.value)
    with run.finish():
        move_delivery(
            delivery,
            DeliveryState.FAILED,
            reason=problem.reason,
            detail=problem.detail,
        )


def _postpone(
    run: Run,
    delivery: Delivery,
    problem: transport.Problem,
    *,
    perhaps_sent: bool = False,
) -> None:
    """Let the mail wait: twice as long each time, at most half an hour, three days."""
    at = now()
    if _out_of_patience(run, at):
        _fail(run, delivery, problem)
        return
    age = min(at - run.job.created_at, _LONGEST_WAIT)
    wait = max(age, settings.MAIL_RETRY, timedelta(seconds=transport.pause.left))
    # Jitter: what failed together does not come back together.
    until = at + wait * random.uniform(1, 1.25)  # noqa: S311 - nothing secret
    with run.postpone(until, problem.reason.value):
        Delivery.objects.filter(id=delivery.id, state=DeliveryState.WAITING).update(
            begun_at=None,
            reason=problem.reason,
            detail=problem.detail,
            repeats=F("repeats") + int(perhaps_sent),
        )


def _out_of_patience(run: Run, at: datetime) -> bool:
    return at - run.job.created_at > settings.MAIL_PATIENCE
