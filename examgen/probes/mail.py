"""The mail server. Mails wait in their table, so one that is away is a warning."""

from __future__ import annotations

import smtplib
import ssl

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004
from django.core.mail import get_connection

_PATIENCE_SECONDS = 5
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


def probe_mail() -> list[CheckMessage]:
    if settings.EMAIL_BACKEND != _SMTP:
        return []
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    connection = get_connection(timeout=_PATIENCE_SECONDS)
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError:
        return [
            Error(
                f"The mail server at {where} does not accept the user or the password "
                "of EMAIL_URL.",
                hint="Correct them: smtp+tls://user:password@mail.example.org:587",
                id="examgen.E070",
            )
        ]
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        return [_other_terms(where, error)]
    except (smtplib.SMTPException, OSError) as error:
        return [_away(where, error)]
    finally:
        connection.close()
    return []


def _other_terms(where: str, error: Exception) -> CheckMessage:
    said = getattr(error, "verify_message", "") or getattr(error, "reason", "")
    return Error(
        f"The mail server at {where} speaks otherwise than EMAIL_URL says: "
        f"{said or error}",
        hint="smtp+tls:// is for STARTTLS, usually at port 587; smtp+ssl:// for TLS "
        "from the start, usually at 465; smtp:// for none. A user is named only where "
        "the server lets people sign in.",
        id="examgen.E071",
    )


def _away(where: str, error: Exception) -> CheckMessage:
    why = getattr(error, "strerror", None) or "no answer in time"
    return Warning(
        f"The mail server at {where} is away: {why}.",
        hint="Start it, or correct host and port in EMAIL_URL. Until then nobody can "
        "sign up, and mails wait.",
        id="examgen.W070",
    )
