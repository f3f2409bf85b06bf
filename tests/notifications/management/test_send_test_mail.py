"""What an operator reads who asks whether mail works."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from tests.servers import smtp
from tests.servers.mailgun import Mailgun
from tests.servers.process import free_port
from tests.servers.smtp import Sink

TO = "admin@example.org"


def run(address: str = TO) -> list[str]:
    out = StringIO()
    call_command("send_test_mail", address, stdout=out)
    return out.getvalue().splitlines()


def failing(address: str = TO) -> str:
    with pytest.raises(CommandError) as caught:
        run(address)
    assert caught.value.returncode == 1
    return str(caught.value)


def test_a_mail_that_leaves_is_reported_with_its_way(sink: Sink) -> None:
    assert run() == [
        f"Way:  SMTP to 127.0.0.1:{sink.port}, without encryption, without sign-in",
        "From: Examgen <noreply@localhost>",
        f"To:   {TO}",
        "Sent: the next stop has taken it.",
    ]
    (received,) = sink.received
    assert (received.to, received.subject) == (TO, "Test mail")
    assert "Mail of this site arrives." in received.part("plain")
    assert "Mail of this site arrives." in received.part("html")


def test_user_and_encryption_are_named_and_the_password_never(
    sink: Sink, settings
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "exams", "secret!"
    sink.stop()
    sink.users = {"exams": "secret!"}
    sink.start()
    (way, *_) = run()
    assert way.endswith("without encryption, as exams")
    settings.EMAIL_USE_TLS = True
    said = failing()
    assert "secret!" not in said


@pytest.mark.parametrize(
    ("backend", "way"),
    [
        ("console", "this console; set EMAIL_URL or MAILGUN_API_KEY to really send"),
        ("filebased", "files in "),
        ("locmem", "django.core.mail.backends.locmem.EmailBackend"),
    ],
)
def test_other_ways_are_named(
    settings, tmp_path, capsys, backend: str, way: str
) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    (first, *_) = run()
    assert first.startswith(f"Way:  {way}")


def _no_host(settings, sink: Sink) -> None:
    settings.EMAIL_HOST = "mail.invalid"


def _refused(settings, sink: Sink) -> None:
    settings.EMAIL_PORT = free_port()


def _silent(settings, sink: Sink) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.script(TO, smtp.slow(1))


def _no_starttls(settings, sink: Sink) -> None:
    settings.EMAIL_USE_TLS = True


def _no_tls(settings, sink: Sink) -> None:
    settings.EMAIL_USE_SSL = True


def _wrong_password(settings, sink: Sink) -> None:
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "nobody"
    sink.stop()
    sink.users = {"exams": "right"}
    sink.start()


def _no_sign_in(settings, sink: Sink) -> None:
    sink.stop()
    sink.users = {"exams": "right"}
    sink.start()


def _sender(settings, sink: Sink) -> None:
    sink.sender = "553 5.7.1 Not your address"


def _recipient(settings, sink: Sink) -> None:
    sink.script(TO, smtp.unknown())


def _spam(settings, sink: Sink) -> None:
    sink.script(TO, smtp.refused())


def _busy(settings, sink: Sink) -> None:
    sink.script(TO, smtp.busy())


@pytest.mark.parametrize(
    ("spoil", "what", "cure", "answer"),
    [
        (_no_host, "name is not known", "Check the host in EMAIL_URL.", "[Errno"),
        (
            _refused,
            "refused the connection",
            "Check host and port in EMAIL_URL",
            "Connection refused",
        ),
        (_silent, "did not answer in time", "a firewall", "timed out"),
        (_no_starttls, "No secure connection", "587 goes with", "STARTTLS"),
        (_no_tls, "No secure connection", "465 with smtp+ssl://", "SSL"),
        (
            _wrong_password,
            "refused user name and password",
            "Check user name and password",
            "535 ",
        ),
        (_no_sign_in, "refused the sender", "EXAMGEN_FROM", "530 5.7.0 Sign in first"),
        (_sender, "refused the sender", "EXAMGEN_FROM", "553 5.7.1 Not your address"),
        (
            _recipient,
            "refused the recipient",
            "Check the address.",
            "550 5.1.1 No such user here",
        ),
        (_spam, "refused the message", "own words say why", "554 5.7.1 Looks like"),
        (_busy, "try again later", "in a few minutes", "451 4.7.1 Greylisted"),
    ],
    ids=lambda value: getattr(value, "__name__", "").strip("_") or None,
)
def test_what_went_wrong_is_said_in_words_with_its_cure(
    request, spoil, what: str, cure: str, answer: str
) -> None:
    sink = request.getfixturevalue("sink")
    spoil(request.getfixturevalue("settings"), sink)
    first, second = failing().splitlines()
    assert first.startswith("Not sent. ")
    assert what in first
    assert cure in first
    assert second.startswith("  The other side said: ")
    assert answer in second


def test_a_wrong_mailgun_key_is_said_as_well(settings) -> None:
    server = Mailgun(answers=[(401, {"message": "Forbidden"})])
    server.start()
    settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    settings.MAILGUN_DOMAIN, settings.MAILGUN_REGION = "mg.example.org", "eu"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "wrong",
        "MAILGUN_SENDER_DOMAIN": "mg.example.org",
        "MAILGUN_API_URL": server.url,
    }
    try:
        said = failing()
    finally:
        server.stop()
    assert "refused user name and password" in said
    assert "MAILGUN_API_KEY" in said
    assert "401 " in said


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a@b\nBcc: c@d.org"])
def test_what_is_no_address_is_refused_before_anything_is_tried(address: str) -> None:
    assert failing(address) == f"{address!r} is no e-mail address."
    assert mail.outbox == []
