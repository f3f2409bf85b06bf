"""How mail leaves. Whoever waits for one that never comes does not know whom to ask."""

from __future__ import annotations

from email.utils import parseaddr
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from examgen.checks.exposure import is_public
from examgen.settings.declared import DECLARED

_NOWHERE = ("console", "dummy", "filebased")


@register
def check_mail(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    words = DECLARED["EXAMGEN_MAIL_AFTER_CRASH"].words
    if settings.MAIL_AFTER_CRASH not in words:
        found.append(
            Error(
                f"EXAMGEN_MAIL_AFTER_CRASH is {settings.MAIL_AFTER_CRASH!r}.",
                hint=f"Set it to one of: {', '.join(words)}.",
                id="examgen.E020",
            )
        )
    if bool(settings.EMAIL_HOST_USER) != bool(settings.EMAIL_HOST_PASSWORD):
        found.append(
            Error(
                "EMAIL_URL names a user or a password without the other.",
                hint="Name both, or neither where the server asks for none: "
                "smtp+tls://user:password@mail.example.org:587",
                id="examgen.E027",
            )
        )
    return found + _check_mailgun()


def _check_mailgun() -> list[CheckMessage]:
    wrong: list[tuple[str, str, str]] = []
    if not settings.MAILGUN_API_KEY:
        if settings.MAILGUN_DOMAIN:
            said = "MAILGUN_DOMAIN is set without MAILGUN_API_KEY."
            hint = "Set MAILGUN_API_KEY to the key that sends for it, or unset it."
            wrong.append((said, hint, "examgen.E026"))
        return [Error(said, hint=hint, id=code) for said, hint, code in wrong]
    if settings.EMAIL_URL_GIVEN:
        said = "EMAIL_URL and MAILGUN_API_KEY are both set: mail can leave by one."
        wrong.append((said, "Unset one of them.", "examgen.E021"))
    if not settings.MAILGUN_DOMAIN:
        said = "MAILGUN_API_KEY is set without MAILGUN_DOMAIN."
        hint = "Set MAILGUN_DOMAIN to the domain that Mailgun sends for."
        wrong.append((said, hint, "examgen.E022"))
    if settings.MAILGUN_REGION not in settings.MAILGUN_REGIONS:
        said = f"MAILGUN_REGION is {settings.MAILGUN_REGION!r}."
        hint = f"Set it to one of: {', '.join(settings.MAILGUN_REGIONS)}."
        wrong.append((said, hint, "examgen.E023"))
    if find_spec("anymail") is None:
        said = "MAILGUN_API_KEY is set, and django-anymail is not installed."
        hint = "Install requirements/deploy.txt, or send by SMTP with EMAIL_URL."
        wrong.append((said, hint, "examgen.E024"))
    return [Error(said, hint=hint, id=code) for said, hint, code in wrong]


@register
def check_sender(**_: Any) -> list[CheckMessage]:
    if is_sender(settings.DEFAULT_FROM_EMAIL):
        return []
    return [
        Error(
            "EXAMGEN_FROM is no sender of a mail.",
            hint="Write a name and an address: Examgen <exams@example.org>",
            id="examgen.E025",
        )
    ]


def is_sender(text: str) -> bool:
    """Whether this can stand in a mail's From."""
    _, address = parseaddr(text)
    try:
        validate_email(address)
    except ValidationError:
        return False
    return text.isprintable()


@register(deploy=True)
def check_mail_leaves(**_: Any) -> list[CheckMessage]:
    """A site for others whose mails stay here lets nobody sign up."""
    if not is_public():
        return []
    found: list[CheckMessage] = []
    if settings.EMAIL_BACKEND.rsplit(".", 2)[-2] in _NOWHERE:
        found.append(
            checks.Warning(
                "Mail is not sent: nobody can sign up or be told anything.",
                hint="Set EMAIL_URL to a mail server, as in "
                "smtp+tls://user:password@mail.example.org:587, or MAILGUN_API_KEY.",
                id="examgen.W021",
            )
        )
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].endswith("@localhost"):
        found.append(
            checks.Warning(
                "EXAMGEN_FROM is at localhost, which other mail servers refuse.",
                hint="Set it to an address of yours: Examgen <exams@example.org>",
                id="examgen.W022",
            )
        )
    return found
