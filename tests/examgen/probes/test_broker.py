"""Each way in which a Redis can be wrong or away has its sentence and its cure."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from examgen.probes import probe_redis
from tests.servers import Valkey
from tests.servers.process import free_port
from tests.servers.tls import certificate, context

UNTIL_THEN = (
    " Until then pages work, workers find their jobs by looking, and each process "
    "counts limits for itself."
)
PASSWORD = (
    "Write it into REDIS_URL: redis://:password@host:6379/0, or "
    "redis://user:password@... where users have names."
)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey", password="hush")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def said(settings) -> Callable[..., list[tuple[str | None, str, str | None]]]:
    """What the probe says of these addresses."""

    def ask(broker: str, cache: str = "", bell: str = "celery"):
        settings.EXAMGEN_BELL = bell
        settings.REDIS_URL = broker
        settings.CACHE_URL = cache or broker
        found = [(message.id, message.msg, message.hint) for message in probe_redis()]
        assert "hush" not in str(found)
        return found

    return ask


def test_a_server_that_lets_us_in_is_right(said, valkey: Valkey) -> None:
    assert said(valkey.url) == []
    assert said(valkey.url, bell="none") == []


def test_a_site_without_redis_asks_nobody(said) -> None:
    assert said("", bell="none") == []


def test_a_bell_without_a_broker_is_an_error(said) -> None:
    assert said("") == [
        (
            "examgen.E050",
            "EXAMGEN_BELL is 'celery', and REDIS_URL is not set.",
            (
                "Set REDIS_URL to the broker, as in redis://:password@host:6379/0, or "
                "EXAMGEN_BELL to none."
            ),
        )
    ]


def test_a_wrong_password_is_an_error(said, valkey: Valkey) -> None:
    where = f"127.0.0.1:{valkey.port}"
    message = f"The Redis at {where} does not accept the password of REDIS_URL."
    wrong = [("examgen.E051", message, PASSWORD)]
    assert said(f"redis://:hush2@{where}/0") == wrong
    assert said(f"redis://mira:hush@{where}/0") == wrong


def test_a_missing_password_is_an_error(said, valkey: Valkey) -> None:
    where = f"127.0.0.1:{valkey.port}"
    message = f"The Redis at {where} asks for a password, and REDIS_URL has none."
    assert said(f"redis://{where}/0") == [("examgen.E051", message, PASSWORD)]


def test_a_database_that_is_not_there_is_an_error(said, valkey: Valkey) -> None:
    assert said(valkey.url.replace("/0", "/99")) == [
        (
            "examgen.E052",
            f"The Redis at 127.0.0.1:{valkey.port} has no database 99.",
            "Write a number from 0 to 15 at the end of REDIS_URL.",
        )
    ]


def test_a_refused_port_is_a_warning(said) -> None:
    port = free_port()
    assert said(f"redis://:hush@127.0.0.1:{port}/0") == [
        (
            "examgen.W050",
            f"The Redis at 127.0.0.1:{port} is away: Connection refused.",
            f"Start it, or correct host and port in REDIS_URL.{UNTIL_THEN}",
        )
    ]


def test_a_host_that_is_not_there_is_a_warning(said) -> None:
    assert said("redis://:hush@nowhere.invalid/0") == [
        (
            "examgen.W050",
            "The Redis at nowhere.invalid:6379 is away: Name or service not known.",
            f"Start it, or correct host and port in REDIS_URL.{UNTIL_THEN}",
        )
    ]


def test_a_frozen_server_is_a_warning_soon(said, valkey: Valkey) -> None:
    valkey.freeze()
    assert said(valkey.url) == [
        (
            "examgen.W050",
            f"The Redis at 127.0.0.1:{valkey.port} is away: no answer in time.",
            f"Start it, or correct host and port in REDIS_URL.{UNTIL_THEN}",
        )
    ]


def test_a_server_without_tls_is_a_warning_that_says_so(said, valkey: Valkey) -> None:
    ((code, message, hint),) = said(valkey.url.replace("redis:", "rediss:"))
    assert code == "examgen.W050"
    assert (
        message == f"The Redis at 127.0.0.1:{valkey.port} is away: no answer in time."
    )
    assert "If it speaks no TLS, write redis:// for rediss://." in hint


def test_what_is_no_redis_is_an_error(said) -> None:
    with Answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert said(f"redis://127.0.0.1:{port}/0") == [
            (
                "examgen.E053",
                f"What answers at 127.0.0.1:{port} is no Redis.",
                "Correct host and port in REDIS_URL.",
            )
        ]


def test_a_certificate_that_nobody_vouches_for_is_an_error(
    said, tmp_path: Path
) -> None:
    with Answering(b"+OK\r\n", tls=context(certificate(tmp_path))) as port:
        assert said(f"rediss://127.0.0.1:{port}/0") == [
            (
                "examgen.E054",
                (
                    f"The Redis at 127.0.0.1:{port} cannot be trusted: self-signed "
                    "certificate."
                ),
                (
                    "Give it a certificate for the host's name from an authority that "
                    "this machine knows, or name one in REDIS_URL: "
                    "?ssl_ca_certs=/path/to/ca.pem"
                ),
            )
        ]


def test_a_cache_of_its_own_is_asked_as_well(said, valkey: Valkey) -> None:
    port = free_port()
    ((code, message, hint),) = said(valkey.url, f"redis://127.0.0.1:{port}/0")
    assert code == "examgen.W050"
    assert message == f"The Redis at 127.0.0.1:{port} is away: Connection refused."
    assert hint.startswith("Start it, or correct host and port in CACHE_URL.")


def test_a_redis_that_refuses_is_a_warning_with_its_own_words(said) -> None:
    with Answering(b"-ERR out of order\r\n") as port:
        ((code, message, hint),) = said(f"redis://127.0.0.1:{port}/0")
    assert (code, hint) == (
        "examgen.W051",
        "It is the one of REDIS_URL; look into its log.",
    )
    assert message == f"The Redis at 127.0.0.1:{port} refuses: out of order"


class Answering:
    """A server that gives everybody the same answer, whatever they say."""

    def __init__(self, answer: bytes, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.tls = tls

    def __enter__(self) -> int:
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        port: int = self.listener.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def _serve(self) -> None:
        try:
            client, _ = self.listener.accept()
            if self.tls:
                client = self.tls.wrap_socket(client, server_side=True)
            with client:
                client.recv(4096)
                client.sendall(self.answer)
        except OSError:
            return
