"""What a new site is asked about itself, and which answers are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from examgen import logo
from examgen.checks.identity import LONGEST_NAME, is_site_name
from examgen.checks.mail import is_sender
from examgen.settings.addresses import check_address
from examgen.settings.environment import SAID_BY_ENVIRONMENT, WEB, env
from examgen.settings.wrong import WrongValueError


class WrongAnswerError(ValueError):
    """An answer that is not taken; says why, and what would be."""


@dataclass(frozen=True, slots=True)
class Question:
    """`option` is that of the command; `read` returns the answer as it is kept."""

    variable: str
    option: str
    asks: str
    now: Callable[[], str]
    read: Callable[[str], str]


def _address(text: str) -> str:
    try:
        check_address("The address", text, WEB)
    except WrongValueError as error:
        raise WrongAnswerError(error.sentence) from error
    return text.rstrip("/")


def _name(text: str) -> str:
    name = text.strip()
    if not is_site_name(name):
        raise WrongAnswerError(
            f"A name has 1 to {LONGEST_NAME} characters in one line."
        )
    return name


def _sender(text: str) -> str:
    sender = text.strip()
    if not is_sender(sender):
        raise WrongAnswerError("A sender is written: Examgen <exams@example.org>")
    return sender


def _logo(text: str) -> str:
    """An empty answer means none; a file is kept by its whole path."""
    if not text.strip():
        return ""
    path = str(Path(text.strip()).expanduser().resolve())
    try:
        logo.examine(path)
    except logo.NoLogoError as error:
        raise WrongAnswerError(f"{error} Name a {logo.MEANING}.") from error
    return path


QUESTIONS = (
    Question(
        "EXAMGEN_URL",
        "url",
        "Address that people type",
        lambda: str(settings.SITE_URL),
        _address,
    ),
    Question(
        "EXAMGEN_SITE_NAME",
        "name",
        "Name of the site",
        lambda: str(settings.SITE_NAME),
        _name,
    ),
    Question(
        "EXAMGEN_FROM",
        "sender",
        "Sender of its mails",
        lambda: str(settings.DEFAULT_FROM_EMAIL),
        _sender,
    ),
    Question(
        "EXAMGEN_LOGO",
        "logo",
        "File of its logo, or nothing",
        lambda: str(settings.LOGO),
        _logo,
    ),
)


def is_fixed(variable: str) -> bool:
    """Whether the environment says it, and a line in the file would be in vain."""
    return variable in SAID_BY_ENVIRONMENT


def with_what_follows(answers: dict[str, str]) -> dict[str, str]:
    """Add what an address needs: that its host is answered, and that TLS is ended.

    The web server speaks no TLS itself, so an https:// address means a proxy.
    """
    if "EXAMGEN_URL" not in answers:
        return answers
    parts = urlsplit(answers["EXAMGEN_URL"])
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    added: dict[str, Any] = {}
    if not validate_host(host, settings.ALLOWED_HOSTS):
        others = settings.ALLOWED_HOSTS if env.is_given("EXAMGEN_HOSTS") else []
        added["EXAMGEN_HOSTS"] = ",".join([*others, host])
    if parts.scheme == "https" and not settings.BEHIND_PROXY:
        added["EXAMGEN_BEHIND_PROXY"] = "1"
    return answers | {
        name: value for name, value in added.items() if not is_fixed(name)
    }
