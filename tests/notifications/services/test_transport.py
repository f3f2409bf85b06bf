"""What a backend raises, and what it means for the mail."""

from __future__ import annotations

import smtplib
import socket
import ssl

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from notifications.services import transport
from notifications.services.transport import MailError, Problem, diagnose, send
from notifications.states import Reason
from tests.notifications.conftest import use
from tests.servers import smtp
from tests.servers.smtp import Sink

TO = "sam@example.org"


def message() -> EmailMessage:
    return EmailMessage("Hello", "Text", "exams@example.org", [TO])


def refused(code: int, said: bytes) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({TO: (code, said)})


@pytest.mark.parametrize(
    ("error", "reason", "final"),
    [
        (refused(550, b"unknown"), Reason.RECIPIENT_REFUSED, True),
        (refused(452, b"full"), Reason.BUSY, False),
        (refused(421, b"bye"), Reason.BUSY, False),
        (smtplib.SMTPDataError(554, b"spam"), Reason.MESSAGE_REFUSED, True),
        (smtplib.SMTPDataError(451, b"later"), Reason.BUSY, False),
        (
            smtplib.SMTPSenderRefused(553, b"who?", "a@b.org"),
            Reason.SENDER_REFUSED,
            False,
        ),
        (smtplib.SMTPSenderRefused(451, b"later", "a@b.org"), Reason.BUSY, False),
        (
            smtplib.SMTPAuthenticationError(535, b"no"),
            Reason.AUTHENTICATION,
            False,
        ),
        (smtplib.SMTPAuthenticationError(454, b"later"), Reason.BUSY, False),
        (smtplib.SMTPHeloError(501, b"no"), Reason.BUSY, False),
        (smtplib.SMTPConnectError(554, b"no"), Reason.BUSY, False),
        (smtplib.SMTPServerDisconnected("closed"), Reason.DROPPED, False),
        (
            smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported"),
            Reason.AUTHENTICATION,
            False,
        ),
        (
            smtplib.SMTPNotSupportedError("STARTTLS extension not supported"),
            Reason.TLS,
            False,
        ),
        (ssl.SSLCertVerificationError("self-signed"), Reason.TLS, False),
        (socket.gaierror(-2, "not known"), Reason.NO_HOST, False),
        (ConnectionRefusedError(111, "refused"), Reason.CONNECTION_REFUSED, False),
        (TimeoutError("timed out"), Reason.TIMEOUT, False),
        (ConnectionResetError(104, "reset"), Reason.DROPPED, False),
        (OSError(101, "unreachable"), Reason.UNREACHABLE, False),
        (ValueError("no such address"), Reason.MESSAGE_REFUSED, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_every_error_has_its_meaning(
    error: Exception, reason: Reason, final: bool
) -> None:
    found = diagnose(error)
    assert (found.reason, found.final) == (reason, final)
    assert found.detail


def test_a_servers_words_are_kept_on_one_line_of_bounded_length() -> None:
    said = b"5.1.1 No\r\nsuch\x00 \xff user " + b"x" * 500
    detail = diagnose(refused(550, said)).detail
    assert detail.startswith("550 5.1.1 No such \ufffd user xxx")
    assert len(detail) == 300


def test_a_mail_is_handed_over_whole(sink: Sink) -> None:
    send(message())
    (received,) = sink.received
    assert (received.to, received.sender) == (TO, "exams@example.org")
    assert received.subject == "Hello"


def test_a_goodbye_that_fails_does_not_make_a_mail_unsent(sink: Sink) -> None:
    """The server took the mail and hung up before QUIT."""
    sink.on_taken = lambda _address: None
    sink.script(TO, smtp.Step("DATA", taken=True))
    send(message())
    assert len(sink.received) == 1


@pytest.mark.parametrize(
    ("step", "uncertain"),
    [
        (smtp.busy(), False),
        (smtp.unknown(), False),
        (smtp.refused(), False),
        (smtp.dropped("RCPT"), True),
        (smtp.dropped(taken=True), True),
    ],
)
def test_one_knows_that_a_mail_was_not_taken_only_from_an_answer(
    sink: Sink, step: smtp.Step, uncertain: bool
) -> None:
    sink.script(TO, step)
    with pytest.raises(MailError) as caught:
        send(message())
    assert caught.value.uncertain == uncertain


def test_before_the_mail_is_begun_nothing_is_uncertain(sink: Sink) -> None:
    sink.stop()
    with pytest.raises(MailError) as caught:
        send(message())
    assert not caught.value.uncertain


def test_a_certificate_of_nobody_is_not_trusted(settings, tmp_path) -> None:
    sink = Sink(tls=smtp.unknown_certificate(tmp_path))
    sink.start()
    use(settings, sink)
    settings.EMAIL_USE_TLS = True
    try:
        with pytest.raises(MailError) as caught:
            send(message())
    finally:
        sink.stop()
    assert caught.value.problem.reason == Reason.TLS
    assert "certificate" in caught.value.problem.detail
    assert sink.received == []


# The pause


@pytest.mark.parametrize(
    ("stopped", "paused"), [(True, True), (False, False)], ids=["away", "there"]
)
def test_after_a_server_was_found_away_it_is_left_alone(
    sink: Sink, stopped: bool, paused: bool
) -> None:
    sink.script(TO, smtp.unknown())
    if stopped:
        sink.stop()
    with pytest.raises(MailError):
        send(message())
    assert (transport.pause.left > 0) == paused
    if paused:
        problem = transport.pause.problem
        assert problem.reason == Reason.CONNECTION_REFUSED


def test_the_pause_ends_with_the_first_mail_that_gets_through(sink: Sink) -> None:
    transport.pause.begin(Problem(Reason.TIMEOUT, "timed out"))
    assert transport.pause.left > 0
    send(message())
    assert transport.pause.left == 0


def test_backends_without_a_connection_work_as_well(settings) -> None:
    send(message())
    assert [one.to for one in mail.outbox] == [[TO]]
