# ruff: noqa: ARG002, N802 - methods as aiosmtpd names and calls them
"""A mail server that takes mail and keeps it, or fails as a script says.

It runs in a thread of the test's own process: what it received can be read at once.
"""

from __future__ import annotations

import asyncio
import email
import logging
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.servers.process import free_port

OK = "250 OK"

# It would say every line of every conversation.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one mail of one recipient, at RCPT or after the whole of DATA.

    `drop` ends the connection instead of an answer; `taken` keeps the mail all the
    same, as a server does whose "250" is lost on its way. `wait` is in seconds.
    """

    at: Literal["RCPT", "DATA"] = "DATA"
    says: str = OK
    drop: bool = False
    taken: bool = False
    wait: float = 0


def busy(at: Literal["RCPT", "DATA"] = "RCPT") -> Step:
    return Step(at, "451 4.7.1 Greylisted, try again later")


def unknown() -> Step:
    return Step("RCPT", "550 5.1.1 No such user here")


def refused() -> Step:
    return Step("DATA", "554 5.7.1 Looks like spam")


def dropped(at: Literal["RCPT", "DATA"] = "DATA", *, taken: bool = False) -> Step:
    return Step(at, drop=True, taken=taken)


def slow(seconds: float) -> Step:
    return Step("DATA", wait=seconds)


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that was taken."""

    to: str
    sender: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        found = email.message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        # A long one begins on a line of its own.
        return str(self.message["Subject"]).strip()

    def part(self, kind: Literal["plain", "html"]) -> str:
        """The text or the HTML of the mail, with plain line ends."""
        found = self.message.get_body(preferencelist=(kind,))
        assert found is not None
        return str(found.get_content()).replace("\r\n", "\n")


@dataclass
class Sink:
    """Starts and stops on one port; between, connections are refused.

    `tls` offers STARTTLS with this certificate. `users` must sign in.
    """

    tls: ssl.SSLContext | None = None
    users: dict[str, str] = field(default_factory=dict)
    sender: str = OK
    port: int = field(default_factory=free_port)
    received: list[Received] = field(default_factory=list)
    # Called with the address before a mail is sent, and when it was taken; both times
    # before the client hears of it.
    on_recipient: Callable[[str], None] | None = None
    on_taken: Callable[[str], None] | None = None
    _script: dict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    _controller: Controller | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def script(self, to: str, *steps: Step) -> None:
        """What happens to the next mails of this address, one step each."""
        self._script[to] += steps

    def start(self) -> None:
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            tls_context=self.tls,
            authenticator=self._authenticate if self.users else None,
            auth_require_tls=False,
            ready_timeout=30,
        )
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[Received]:
        return [one for one in self.received if one.to == address]

    # What aiosmtpd calls

    async def handle_MAIL(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.users and not session.authenticated:
            return "530 5.7.0 Sign in first"
        envelope.mail_from = address
        envelope.mail_options += options
        return self.sender

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.on_recipient is not None:
            self.on_recipient(address)
        step = self._next(address, "RCPT")
        if step is not None and (answer := await self._act(server, step)) != OK:
            return answer
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        (address,) = envelope.rcpt_tos
        step = self._next(address, "DATA") or Step()
        if step.says == OK and (step.taken or not step.drop):
            self._keep(address, envelope)
        return await self._act(server, step)

    async def _act(self, server: SMTP, step: Step) -> str:
        if step.wait:
            await asyncio.sleep(step.wait)
        if step.drop:
            assert server.transport is not None
            server.transport.abort()
        return step.says

    def _next(self, address: str, at: str) -> Step | None:
        with self._lock:
            steps = self._script[address]
            return steps.pop(0) if steps and steps[0].at == at else None

    def _keep(self, address: str, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        with self._lock:
            self.received.append(Received(address, str(envelope.mail_from), content))
        if self.on_taken is not None:
            self.on_taken(address)

    def _authenticate(self, *given: Any) -> AuthResult:
        data = given[-1]
        assert isinstance(data, LoginPassword)
        known = self.users.get(data.login.decode())
        # Not "handled": aiosmtpd is to say the answer.
        return AuthResult(success=known == data.password.decode(), handled=False)


def unknown_certificate(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate that nobody has signed but itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - timedelta(days=1))
        .not_valid_after(begin + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
