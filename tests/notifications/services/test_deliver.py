"""One mail and one mail server that does whatever mail servers do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from accounts.models import Course, Enrolment, User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams.models import ExamVersion
from notifications.models import Delivery
from notifications.services import deliver, subscriptions, transport
from notifications.services.announce import DELIVER
from notifications.states import Channel, Reason
from tests.factories import courses, versions
from tests.notifications.running import (
    fan_out,
    mail,
    mails,
    pass_time,
    run_jobs,
    run_later,
)
from tests.servers import smtp
from tests.servers.process import free_port
from tests.servers.smtp import Sink

pytestmark = pytest.mark.django_db

SAM = "sam@example.org"


@pytest.fixture
def course(educator: User) -> Course:
    return courses.course(educator)


@pytest.fixture
def version(educator: User, course: Course, student: User) -> ExamVersion:
    """An exam of a course with one student, of which nobody has been told yet."""
    courses.enrol(course, student)
    version = versions.version(educator, course=course)
    record("exam.published", version, actor=educator.id)
    return version


def deliver_jobs() -> list[Job]:
    return list(Job.objects.filter(consumer=DELIVER).order_by("created_at"))


def state(message: str = "exam_opened") -> tuple[str, str]:
    sent = mail(message)
    return sent.state, sent.reason


# The plain way


def test_a_mail_is_sent_once_and_its_row_says_so(
    version: ExamVersion, sink: Sink
) -> None:
    run_jobs()
    delivery = mail("exam_opened")
    (received,) = sink.received
    assert (received.to, received.id) == (SAM, delivery.message_id)
    assert delivery.message_id == f"<{delivery.id}@127.0.0.1>"
    assert (delivery.state, delivery.reason, delivery.tries) == ("sent", "", 1)
    assert delivery.sent_at is not None
    assert (delivery.begun_at, delivery.repeats) == (None, 0)
    assert [job.state for job in deliver_jobs()] == [JobState.DONE]
    assert run_later() == 0
    assert len(sink.received) == 1


def test_a_job_that_is_run_again_sends_nothing(
    version: ExamVersion, sink: Sink
) -> None:
    run_jobs()
    for _ in range(3):
        Job.objects.update(state=JobState.QUEUED, finished_at=None)
        run_jobs()
    assert len(sink.received) == 1
    assert mail("exam_opened").tries == 1


class WatchingBackend(EmailBackend):
    """Notes whether a transaction is open while mail is handed over."""

    open_while_sending: list[bool] = []

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        self.open_while_sending.append(connection.in_atomic_block)
        return int(super().send_messages(messages))


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_is_talked_to(
    version: ExamVersion, settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.WatchingBackend"
    WatchingBackend.open_while_sending.clear()
    run_jobs()
    assert state() == ("sent", "")
    assert WatchingBackend.open_while_sending == [False]


# Servers that are away, busy or odd: the mail waits, and arrives once


def _no_host(settings, sink: Sink) -> None:
    settings.EMAIL_HOST = "mail.invalid"


def _refuses(settings, sink: Sink) -> None:
    settings.EMAIL_PORT = free_port()


def _no_tls(settings, sink: Sink) -> None:
    settings.EMAIL_USE_TLS = True


def _signs_nobody_in(settings, sink: Sink) -> None:
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "nobody"
    sink.stop()
    sink.users = {"exams": "right"}
    sink.start()


def _refuses_sender(settings, sink: Sink) -> None:
    sink.sender = "553 5.7.1 Not your address"


def _script(*steps: smtp.Step) -> Callable[[object, Sink], None]:
    return lambda _settings, sink: sink.script(SAM, *steps)


def _slow(settings, sink: Sink) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.script(SAM, smtp.slow(1.0))


def _heal(settings, sink: Sink) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 20
    sink.stop()
    sink.users, sink.sender = {}, smtp.OK
    sink.start()


TROUBLES = {
    "no such host": (_no_host, Reason.NO_HOST),
    "connection refused": (_refuses, Reason.CONNECTION_REFUSED),
    "no STARTTLS": (_no_tls, Reason.TLS),
    "wrong password": (_signs_nobody_in, Reason.AUTHENTICATION),
    "sender refused": (_refuses_sender, Reason.SENDER_REFUSED),
    "greylisted": (_script(smtp.busy()), Reason.BUSY),
    "busy after data": (_script(smtp.busy("DATA")), Reason.BUSY),
    "dropped before data": (_script(smtp.dropped("RCPT")), Reason.DROPPED),
    "dropped after data": (_script(smtp.dropped()), Reason.DROPPED),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_may_pass_is_waited_for_and_the_mail_arrives_once(
    version: ExamVersion, sink: Sink, settings, trouble: str
) -> None:
    spoil, reason = TROUBLES[trouble]
    spoil(settings, sink)
    run_jobs()
    assert state() == ("waiting", reason)
    assert mail("exam_opened").detail
    (job,) = deliver_jobs()
    assert (job.state, job.errors, job.error_code) == (JobState.RETRY, 0, reason)
    assert sink.received == []

    _heal(settings, sink)
    run_later()
    assert state() == ("sent", "")
    (received,) = sink.received
    assert received.id == mail("exam_opened").message_id
    assert mail("exam_opened").tries == 2
    assert run_later() == 0


def test_a_server_that_does_not_answer_in_time_is_not_waited_for(
    version: ExamVersion, sink: Sink, settings
) -> None:
    _slow(settings, sink)
    run_jobs()
    assert state() == ("waiting", Reason.TIMEOUT)


def test_a_mail_whose_250_is_lost_comes_again_under_the_same_id(
    version: ExamVersion, sink: Sink
) -> None:
    sink.script(SAM, smtp.dropped(taken=True))
    run_jobs()
    run_later()
    assert [one.id for one in sink.received] == [mail("exam_opened").message_id] * 2
    assert state() == ("sent", "")
    assert mail("exam_opened").repeats == 1


def test_while_the_server_is_away_only_one_mail_in_a_while_tries(
    version: ExamVersion, course: Course, sink: Sink, monkeypatch
) -> None:
    monkeypatch.setattr(transport, "PAUSE_SECONDS", 3600.0)
    courses.students(course, 20)
    sink.stop()
    run_jobs()
    waiting = mails("exam_opened")
    assert len(waiting) == 21
    assert {(one.state, one.reason) for one in waiting} == {
        ("waiting", Reason.CONNECTION_REFUSED)
    }
    assert sum(one.tries for one in waiting) == 1
    assert {job.errors for job in deliver_jobs()} == {0}


def test_a_server_away_for_a_while_gets_every_mail_once(
    version: ExamVersion, course: Course, sink: Sink
) -> None:
    courses.students(course, 20)
    sink.stop()
    for _ in range(10):
        run_later()
    sink.start()
    run_later()
    assert sorted(one.to for one in sink.received) == sorted(
        one.recipient.email for one in mails("exam_opened")
    )
    assert {one.state for one in mails("exam_opened")} == {"sent"}
    assert {job.errors for job in deliver_jobs()} == {0}


def test_waits_grow_with_the_mails_age_up_to_half_an_hour(
    version: ExamVersion, sink: Sink, settings
) -> None:
    settings.MAIL_RETRY = timedelta(seconds=5)
    sink.script(SAM, *[smtp.busy()] * 3)
    waits = []
    for minutes in (0, 10, 120):
        pass_time(minutes=minutes)
        Job.objects.filter(state=JobState.RETRY).update(run_after=now())
        before = now()
        run_jobs()
        (job,) = deliver_jobs()
        waits.append((job.run_after - before).total_seconds())
    assert 5 <= waits[0] <= 7
    assert 600 <= waits[1] <= 760
    assert 1800 <= waits[2] <= 2260


def test_after_three_days_a_mail_is_given_up_with_its_last_reason(
    version: ExamVersion, sink: Sink
) -> None:
    sink.script(SAM, smtp.busy(), smtp.busy())
    run_jobs()
    pass_time(days=3, minutes=1)
    run_later()
    assert state() == ("failed", Reason.BUSY)
    assert mail("exam_opened").detail == "451 4.7.1 Greylisted, try again later"
    assert sink.received == []
    assert run_later() == 0


# Refused for good


@pytest.mark.parametrize(
    ("step", "reason", "detail"),
    [
        (
            smtp.unknown(),
            Reason.RECIPIENT_REFUSED,
            "550 5.1.1 No such user here",
        ),
        (smtp.refused(), Reason.MESSAGE_REFUSED, "554 5.7.1 Looks like spam"),
    ],
)
def test_what_is_refused_for_good_fails_with_the_servers_words(
    version: ExamVersion, sink: Sink, step: smtp.Step, reason: Reason, detail: str
) -> None:
    courses.students(version.course, 2)
    sink.script(SAM, step)
    run_jobs()
    failed, *sent = sorted(mails("exam_opened"), key=lambda one: one.state)
    assert (failed.recipient.email, failed.state) == (SAM, "failed")
    assert (failed.reason, failed.detail, failed.tries) == (reason, detail, 1)
    assert {one.state for one in sent} == {"sent"}
    assert run_later() == 0
    assert len(sink.received) == 2


# A worker that dies in the middle


def _die_after_250(delivery: Delivery, seconds: float) -> None:
    """As a worker leaves the row that dies while it waits for the server's answer."""
    begun = now() - timedelta(seconds=seconds)
    Delivery.objects.filter(id=delivery.id).update(begun_at=begun, tries=1)


def test_by_default_a_mail_that_may_have_been_sent_is_sent_again(
    version: ExamVersion, sink: Sink
) -> None:
    fan_out()
    _die_after_250(mail("exam_opened"), seconds=45)
    run_jobs()
    delivery = mail("exam_opened")
    assert (delivery.state, delivery.tries, delivery.repeats) == ("sent", 2, 1)
    assert [one.id for one in sink.received] == [delivery.message_id]


def test_with_hold_it_waits_for_an_admin(
    version: ExamVersion, sink: Sink, settings, educator: User
) -> None:
    settings.MAIL_AFTER_CRASH = "hold"
    fan_out()
    _die_after_250(mail("exam_opened"), seconds=45)
    run_jobs()
    assert state() == ("failed", Reason.HELD)
    assert sink.received == []
    assert deliver.send_again(delivery=mail("exam_opened"), actor=educator)
    run_jobs()
    assert state() == ("sent", "")
    assert len(sink.received) == 1


def test_with_hold_a_connection_that_ends_in_the_middle_is_held_as_well(
    version: ExamVersion, sink: Sink, settings
) -> None:
    settings.MAIL_AFTER_CRASH = "hold"
    sink.script(SAM, smtp.dropped(taken=True))
    run_jobs()
    assert state() == ("failed", Reason.HELD)
    assert len(sink.received) == 1


def test_with_hold_a_server_that_says_no_is_still_tried_again(
    version: ExamVersion, sink: Sink, settings
) -> None:
    settings.MAIL_AFTER_CRASH = "hold"
    sink.script(SAM, smtp.busy(), smtp.busy("DATA"))
    run_jobs()
    run_later()
    run_later()
    assert state() == ("sent", "")
    assert len(sink.received) == 1


def test_a_mail_that_another_worker_is_sending_is_left_to_it(
    version: ExamVersion, sink: Sink
) -> None:
    fan_out()
    _die_after_250(mail("exam_opened"), seconds=1)
    run_jobs()
    assert sink.received == []
    (job,) = deliver_jobs()
    assert (job.state, job.error_code) == (JobState.RETRY, "begun")
    assert job.run_after > now() + timedelta(seconds=50)
    assert state() == ("waiting", "")


# The right to know, and the wish to, when the mail is sent


def leave(version: ExamVersion, student: User) -> None:
    Enrolment.objects.update(left_at=now())


def switch_off(version: ExamVersion, student: User) -> None:
    choice = {("exam_opened", Channel.EMAIL): False}
    assert subscriptions.choose(person=student, choices=choice) == 1


def close_account(version: ExamVersion, student: User) -> None:
    User.objects.filter(id=student.id).update(is_active=False)


def close_exam(version: ExamVersion, student: User) -> None:
    ExamVersion.objects.update(closed_at=now())


def be_over(version: ExamVersion, student: User) -> None:
    ExamVersion.objects.update(closes_at=now() - timedelta(seconds=1))


def become_educator(version: ExamVersion, student: User) -> None:
    Enrolment.objects.update(role="educator")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (leave, Reason.LEFT),
        (become_educator, Reason.LEFT),
        (switch_off, Reason.UNWANTED),
        (close_account, Reason.INACTIVE),
        (close_exam, Reason.OUTDATED),
        (be_over, Reason.OUTDATED),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_what_changed_since_the_event_is_asked_again(
    version: ExamVersion,
    student: User,
    sink: Sink,
    change: Callable[[ExamVersion, User], None],
    reason: Reason,
) -> None:
    fan_out()
    assert state() == ("waiting", "")
    change(version, student)
    run_jobs()
    assert state() == ("skipped", reason)
    assert sink.received == []
    assert run_later() == 0


def test_a_person_who_is_deleted_takes_their_mails_along(
    version: ExamVersion, student: User, sink: Sink
) -> None:
    fan_out()
    student.delete()
    run_jobs()
    assert sink.received == []
    assert [job.state for job in deliver_jobs()] == [JobState.DONE]


def test_the_address_is_the_one_that_holds_when_the_mail_is_sent(
    version: ExamVersion, student: User, sink: Sink
) -> None:
    fan_out()
    User.objects.filter(id=student.id).update(email="other@example.org")
    run_jobs()
    assert [one.to for one in sink.received] == ["other@example.org"]


def test_an_address_that_is_not_confirmed_is_waited_for(
    student: User, sink: Sink
) -> None:
    EmailAddress.objects.update(verified=False)
    record("user.signed_up", student, actor=student.id)
    run_jobs()
    assert state("welcome") == ("waiting", Reason.UNCONFIRMED)
    EmailAddress.objects.update(verified=True)
    run_later()
    assert state("welcome") == ("sent", "")
    assert [one.to for one in sink.received] == [SAM]


def test_an_address_that_is_never_confirmed_gets_nothing(
    student: User, sink: Sink
) -> None:
    EmailAddress.objects.update(verified=False)
    record("user.signed_up", student, actor=student.id)
    run_jobs()
    pass_time(days=3, minutes=1)
    run_later()
    assert state("welcome") == ("skipped", Reason.UNCONFIRMED)
    assert sink.received == []


def test_an_account_made_by_hand_has_no_address_to_confirm(
    student: User, sink: Sink
) -> None:
    EmailAddress.objects.all().delete()
    record("user.signed_up", student, actor=student.id)
    run_jobs()
    assert [one.to for one in sink.received] == [SAM]


def test_an_accepted_invitation_is_not_sent(
    educator: User, course: Course, sink: Sink
) -> None:
    invitation = courses.invite(course)
    fan_out()
    type(invitation).objects.update(accepted_at=now())
    run_jobs()
    assert state("invitation") == ("skipped", Reason.ACCEPTED)
    assert sink.received == []


def test_a_message_that_this_release_does_not_know_is_skipped(
    version: ExamVersion, sink: Sink
) -> None:
    fan_out()
    Delivery.objects.update(message="horoscope")
    run_jobs()
    assert state("horoscope") == ("skipped", Reason.UNKNOWN)
    assert sink.received == []


# The end of trying, and beginning anew


def test_a_mail_that_cannot_be_written_fails_when_its_job_is_dead(
    version: ExamVersion, student: User, sink: Sink
) -> None:
    User.objects.filter(id=student.id).update(time_zone="Nowhere/At_All")
    run_jobs()
    for _ in range(6):
        run_later()
    assert state() == ("failed", Reason.GAVE_UP)
    assert [job.state for job in deliver_jobs()] == [JobState.DEAD]
    assert Event.objects.filter(name="job.dead").count() == 1
    assert sink.received == []


def test_a_failed_mail_is_sent_again_when_a_person_asks(
    version: ExamVersion, sink: Sink, educator: User
) -> None:
    sink.script(SAM, smtp.unknown())
    run_jobs()
    assert deliver.send_again(delivery=mail("exam_opened"), actor=educator)
    assert state() == ("waiting", "")
    event = Event.objects.get(name="delivery.requested")
    assert (event.actor, event.subject_id) == (educator.id, mail("exam_opened").id)
    run_jobs()
    assert state() == ("sent", "")
    assert [one.to for one in sink.received] == [SAM]


def test_a_mail_that_was_sent_or_waits_is_not_sent_again(
    version: ExamVersion, sink: Sink, educator: User
) -> None:
    fan_out()
    assert not deliver.send_again(delivery=mail("exam_opened"), actor=educator)
    run_jobs()
    assert not deliver.send_again(delivery=mail("exam_opened"), actor=educator)
    site = Delivery.objects.get(channel=Channel.SITE)
    assert not deliver.send_again(delivery=site, actor=educator)
    run_jobs()
    assert len(sink.received) == 1


def test_what_is_sent_again_must_still_be_for_them(
    version: ExamVersion, student: User, sink: Sink, educator: User
) -> None:
    sink.script(SAM, smtp.unknown())
    run_jobs()
    leave(version, student)
    assert deliver.send_again(delivery=mail("exam_opened"), actor=educator)
    run_jobs()
    assert state() == ("skipped", Reason.LEFT)
    assert sink.received == []


def test_two_jobs_for_one_mail_send_it_once(
    version: ExamVersion, sink: Sink, educator: User
) -> None:
    """The second looks while the first is talking to the server."""
    fan_out()
    seen: list[tuple[str, str]] = []
    sink.on_taken = lambda address: seen.append((address, ""))
    run_jobs()
    Job.objects.filter(consumer=DELIVER).update(
        state=JobState.QUEUED, finished_at=None, run_after=now()
    )
    run_jobs()
    assert len(seen) == len(sink.received) == 1
