"""System checks of the whole site. Each says what is wrong and what to do."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from examgen.settings.environment import env

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1", "testserver"}
_SIGNUPS = ("open", "approval", "invite")
_AFTER_CRASH = ("resend", "hold")

# What docker-compose.yml gives a demo, so that it starts without any setting.
_PUBLIC_SECRET = "demo-only"  # noqa: S105 - public on purpose
_SECRETS = {
    "EXAMGEN_SECRET_KEY": "EXAMGEN_SECRET_KEY",
    "DATABASE_URL": "POSTGRES_PASSWORD",
    "REDIS_URL": "REDIS_PASSWORD",
    "CACHE_URL": "REDIS_PASSWORD",
    "S3_SECRET_ACCESS_KEY": "S3_SECRET_ACCESS_KEY",
}


@register
def check_demo(**_: Any) -> list[CheckMessage]:
    """Demo logins are known to everybody, so the demo never leaves the machine."""
    if not settings.DEMO or set(settings.ALLOWED_HOSTS) <= _LOOPBACK:
        return []
    return [
        Error(
            "The demo has public passwords and is refused on any host but loopback.",
            hint="Unset EXAMGEN_DEMO, or leave 127.0.0.1 and localhost in EXAMGEN_HOSTS.",
            id="examgen.E001",
        )
    ]


@register
def check_secrets(**_: Any) -> list[CheckMessage]:
    """A site that left the demo must not keep the secrets that everybody can read."""
    if settings.DEMO:
        return []
    public = {
        cure
        for variable, cure in _SECRETS.items()
        if _PUBLIC_SECRET in env.str(variable, "")
    }
    return [
        Error(
            f"{variable} is still the demo's, which everybody can read.",
            hint=f"Set {variable} to a value of your own: openssl rand -hex 32.",
            id="examgen.E030",
        )
        for variable in sorted(public)
    ]


@register
def check_educator_signup(**_: Any) -> list[CheckMessage]:
    if settings.EDUCATOR_SIGNUP in _SIGNUPS:
        return []
    return [
        Error(
            f"EDUCATOR_SIGNUP is {settings.EDUCATOR_SIGNUP!r}.",
            hint=f"Set it to one of: {', '.join(_SIGNUPS)}.",
            id="examgen.E004",
        )
    ]


@register
def check_engine(**_: Any) -> list[CheckMessage]:
    if settings.DEFAULT_ENGINE in settings.ENGINES:
        return []
    return [
        Error(
            f"EXAMGEN_ENGINE is {settings.DEFAULT_ENGINE!r}.",
            hint=f"Set it to one of: {', '.join(settings.ENGINES)}.",
            id="examgen.E005",
        )
    ]


@register
def check_mail(**_: Any) -> list[CheckMessage]:
    """Whoever waits for a mail that never comes does not know whom to ask."""
    found: list[CheckMessage] = []
    if settings.MAIL_AFTER_CRASH not in _AFTER_CRASH:
        found.append(
            Error(
                f"EXAMGEN_MAIL_AFTER_CRASH is {settings.MAIL_AFTER_CRASH!r}.",
                hint=f"Set it to one of: {', '.join(_AFTER_CRASH)}.",
                id="examgen.E020",
            )
        )
    return found + _check_mailgun()


def _check_mailgun() -> list[CheckMessage]:
    if not settings.MAILGUN_API_KEY:
        return []
    wrong: list[tuple[str, str, str]] = []
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


@register(deploy=True)
def check_tls(**_: Any) -> list[CheckMessage]:
    if settings.SITE_URL.startswith("https://"):
        return []
    if set(settings.ALLOWED_HOSTS) <= _LOOPBACK:
        return []
    return [
        checks.Warning(
            "The site is served without TLS: sign-in can be read on the network.",
            hint="Put it behind TLS and set EXAMGEN_URL to its https:// address.",
            id="examgen.W001",
        )
    ]
