"""Handing one mail to the mail server, and what its answer means.

The backend is the environment's: SMTP, Mailgun's API, files, or the console. Whatever
it raises becomes one of two things: refused for good, or away for now.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.core import mail

from notifications.states import Reason

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

# After these nobody's mail gets through, so the next ones need not try as well.
_WHOLE_SERVER = frozenset(
    {
        Reason.AUTHENTICATION,
        Reason.CONNECTION_REFUSED,
        Reason.NO_HOST,
        Reason.TIMEOUT,
        Reason.TLS,
        Reason.UNREACHABLE,
    }
)
# Otherwise a thousand mails wait twenty seconds each for a server that is away, and
# with them all the other work of the queue.
PAUSE_SECONDS = 15.0
_PERMANENT = 500
_LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Problem:
    """What the server said. `final` when asking again would not help."""

    reason: Reason
    detail: str
    final: bool = False


class MailError(Exception):
    """The mail was not taken, as far as one knows.

    `uncertain` when the connection ended in the middle: the server may have it.
    """

    def __init__(self, problem: Problem, *, uncertain: bool = False) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.uncertain = uncertain


class Pause:
    """For a while after the server was found away, this process leaves it alone."""

    def __init__(self) -> None:
        self._until = float("-inf")
        self.problem = Problem(Reason.UNREACHABLE, "")

    def begin(self, problem: Problem) -> None:
        self._until = monotonic() + PAUSE_SECONDS
        self.problem = problem

    def end(self) -> None:
        self._until = float("-inf")

    @property
    def left(self) -> float:
        """Seconds until the server is asked again; 0 when it may be asked now."""
        return max(0.0, self._until - monotonic())


pause = Pause()


def send(message: EmailMessage) -> None:
    """Hand over one mail; returns once the server has taken it, else MailError."""
    connection = mail.get_connection()
    # Django gives the console and file backends no base class that types know.
    opened: Any = connection
    try:
        _try(opened.open, uncertain=False)
        _try(lambda: opened.send_messages([message]), uncertain=True)
    finally:
        # It is taken or not: how the server says goodbye changes nothing.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            opened.close()
    pause.end()


def _try(step: Callable[[], object], *, uncertain: bool) -> None:
    try:
        step()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        problem = diagnose(error)
        if problem.reason in _WHOLE_SERVER:
            pause.begin(problem)
        raise MailError(problem, uncertain=uncertain and not _said_no(error)) from error


def _said_no(error: Exception) -> bool:
    """Whether the server itself answered, so that one knows it has not the mail."""
    answered = (
        smtplib.SMTPResponseException,
        smtplib.SMTPRecipientsRefused,
        smtplib.SMTPNotSupportedError,
        ValueError,
    )
    return (
        isinstance(error, answered) or getattr(error, "status_code", None) is not None
    )


# What the server's answer is about, and whether a "5.." to it is for good. One that is
# about us, not about the mail, ends when the operator has mended it.
_ANSWERS: tuple[tuple[type[smtplib.SMTPResponseException], Reason, bool], ...] = (
    (smtplib.SMTPDataError, Reason.MESSAGE_REFUSED, True),
    (smtplib.SMTPAuthenticationError, Reason.AUTHENTICATION, False),
    (smtplib.SMTPSenderRefused, Reason.SENDER_REFUSED, False),
    (smtplib.SMTPResponseException, Reason.BUSY, False),
)
_TROUBLES: tuple[tuple[type[Exception], Reason], ...] = (
    (smtplib.SMTPServerDisconnected, Reason.DROPPED),
    (smtplib.SMTPException, Reason.TLS),
    (ssl.SSLError, Reason.TLS),
    (socket.gaierror, Reason.NO_HOST),
    (ConnectionRefusedError, Reason.CONNECTION_REFUSED),
    (TimeoutError, Reason.TIMEOUT),
    (ConnectionError, Reason.DROPPED),
    (OSError, Reason.UNREACHABLE),
)


def diagnose(error: Exception) -> Problem:
    """Find out what a mail backend's exception means for the mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _answer(code, said, Reason.RECIPIENT_REFUSED, final=True)
    if isinstance(error, smtplib.SMTPResponseException):
        reason, final = next(
            (reason, final)
            for kind, reason, final in _ANSWERS
            if isinstance(error, kind)
        )
        return _answer(error.smtp_code, error.smtp_error, reason, final=final)
    status = getattr(error, "status_code", None)
    if status is not None:
        return _diagnose_service(status, error)
    if isinstance(error, smtplib.SMTPNotSupportedError) and "AUTH" in str(error):
        return Problem(Reason.AUTHENTICATION, _plain(error))
    # The library closes the connection, and tells the time-out behind that alone.
    cause = error.__context__ if isinstance(error.__context__, TimeoutError) else error
    for trouble, reason in _TROUBLES:
        if isinstance(cause, trouble):
            return Problem(reason, _plain(error))
    # A ValueError: the backend finds the address or the message impossible.
    return Problem(Reason.MESSAGE_REFUSED, _plain(error), final=True)


def _diagnose_service(status: int, error: Exception) -> Problem:
    """What the status of a mail service's HTTP answer means."""
    detail = f"{status} {_plain(error)}"[:_LONGEST_DETAIL]
    match status:
        case 401 | 403:
            return Problem(Reason.AUTHENTICATION, detail)
        case 404:
            return Problem(Reason.SENDER_REFUSED, detail)
        case 400 | 413 | 422:
            return Problem(Reason.MESSAGE_REFUSED, detail, final=True)
    return Problem(Reason.BUSY, detail)


def _answer(
    code: int, said: bytes | str, reason: Reason, *, final: bool = False
) -> Problem:
    """An SMTP reply: what begins with 4 is for now, whatever it is about."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    detail = _plain(f"{code} {text}")
    if code < _PERMANENT:
        return Problem(Reason.BUSY, detail)
    return Problem(reason, detail, final)


def _plain(said: object) -> str:
    """One line that every database takes."""
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", str(said))
    return " ".join(text.split())[:_LONGEST_DETAIL] or type(said).__name__
