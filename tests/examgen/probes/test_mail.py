"""Each way in which a mail server can be wrong or away has its sentence and cure."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult

from examgen.probes import probe_mail
from tests.servers.process import free_port

AWAY = (
    "Start it, or correct host and port in EMAIL_URL. Until then nobody can sign up, "
    "and mails wait."
)
TERMS = (
    "smtp+tls:// is for STARTTLS, usually at port 587; smtp+ssl:// for TLS from the "
    "start, usually at 465; smtp:// for none. A user is named only where the server "
    "lets people sign in."
)


@pytest.fixture
def server() -> Iterator[Controller]:
    """A server that lets mira in with her password, and anybody without one."""

    def knows(_server: Any, _session: Any, _envelope: Any, _kind: str, data: Any):
        known = (data.login, data.password) == (b"mira", b"hush")
        return AuthResult(success=known, handled=False)

    controller = Controller(
        Sink(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=knows,
        auth_require_tls=False,
    )
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def said(settings) -> Callable[..., list[tuple[str | None, str, str | None]]]:
    def ask(port: int, host: str = "127.0.0.1", **more: Any):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        given = {"HOST": host, "PORT": port, "HOST_USER": "", "HOST_PASSWORD": ""}
        for name, value in (given | more).items():
            setattr(settings, f"EMAIL_{name}", value)
        found = [(message.id, message.msg, message.hint) for message in probe_mail()]
        assert "hush" not in str(found)
        return found

    return ask


def test_a_server_that_lets_us_in_is_right(said, server: Controller) -> None:
    assert said(server.port) == []
    assert said(server.port, HOST_USER="mira", HOST_PASSWORD="hush") == []


def test_mails_to_files_and_terminals_ask_nobody(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.EMAIL_PORT = free_port()
    assert probe_mail() == []


def test_a_wrong_password_is_an_error(said, server: Controller) -> None:
    assert said(server.port, HOST_USER="mira", HOST_PASSWORD="hush2") == [
        (
            "examgen.E070",
            (
                f"The mail server at 127.0.0.1:{server.port} does not accept the user or "
                "the password of EMAIL_URL."
            ),
            "Correct them: smtp+tls://user:password@mail.example.org:587",
        )
    ]


def test_a_server_without_starttls_is_an_error(said, server: Controller) -> None:
    assert said(server.port, USE_TLS=True) == [
        (
            "examgen.E071",
            (
                f"The mail server at 127.0.0.1:{server.port} speaks otherwise than "
                "EMAIL_URL says: STARTTLS extension not supported by server."
            ),
            TERMS,
        )
    ]


def test_a_server_without_tls_is_an_error(said, server: Controller) -> None:
    assert said(server.port, USE_SSL=True) == [
        (
            "examgen.E071",
            (
                f"The mail server at 127.0.0.1:{server.port} speaks otherwise than "
                "EMAIL_URL says: WRONG_VERSION_NUMBER"
            ),
            TERMS,
        )
    ]


def test_a_refused_port_is_a_warning(said) -> None:
    port = free_port()
    message = f"The mail server at 127.0.0.1:{port} is away: Connection refused."
    assert said(port) == [("examgen.W070", message, AWAY)]


def test_a_host_that_is_not_there_is_a_warning(said) -> None:
    message = (
        "The mail server at nowhere.invalid:587 is away: Name or service not known."
    )
    assert said(587, host="nowhere.invalid") == [("examgen.W070", message, AWAY)]


def test_a_server_that_says_nothing_is_a_warning(said) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        message = f"The mail server at 127.0.0.1:{port} is away: no answer in time."
        assert said(port) == [("examgen.W070", message, AWAY)]
