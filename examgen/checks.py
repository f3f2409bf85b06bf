"""System checks of the whole site. Each says what is wrong and what to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from examgen.settings.environment import env

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1", "testserver"}
_SIGNUPS = ("open", "approval", "invite")

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
