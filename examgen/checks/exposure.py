"""What everybody could read or guess."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from examgen.settings.environment import env

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1", "testserver"}

# What docker-compose.yml gives a demo, so that it starts without any setting.
_PUBLIC_SECRET = "demo-only"  # noqa: S105 - public on purpose
_SECRETS = {
    "EXAMGEN_SECRET_KEY": "EXAMGEN_SECRET_KEY",
    "DATABASE_URL": "POSTGRES_PASSWORD",
    "REDIS_URL": "REDIS_PASSWORD",
    "CACHE_URL": "REDIS_PASSWORD",
    "S3_SECRET_ACCESS_KEY": "S3_SECRET_ACCESS_KEY",
}
_SHORTEST_KEY = 50
_FEWEST_CHARACTERS = 5


def is_public() -> bool:
    """Whether the site answers anywhere but on its own machine."""
    return not set(settings.ALLOWED_HOSTS) <= LOOPBACK


@register
def check_demo(**_: Any) -> list[CheckMessage]:
    """Demo logins are known to everybody, so the demo never leaves the machine."""
    if not (settings.DEMO and is_public()):
        return []
    return [
        Error(
            "The demo has public passwords and is refused on any host but loopback.",
            hint="Unset EXAMGEN_DEMO, or leave 127.0.0.1 and localhost in EXAMGEN_HOSTS.",
            id="examgen.E001",
        )
    ]


@register
def check_debug(**_: Any) -> list[CheckMessage]:
    """A debug page shows whoever broke it the settings and other people's rows."""
    if not (settings.DEBUG and is_public()):
        return []
    return [
        Error(
            "Debug pages tell too much and are refused on any host but loopback.",
            hint="Unset EXAMGEN_DEBUG, or leave 127.0.0.1 and localhost in EXAMGEN_HOSTS.",
            id="examgen.E034",
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
        if _PUBLIC_SECRET in env.str(variable)
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
def check_secret_key(**_: Any) -> list[CheckMessage]:
    """Whoever guesses the key can sign sessions and invitations.

    Former keys may be weak: to leave one behind it must be named for a while.
    """
    key = settings.SECRET_KEY
    if len(key) >= _SHORTEST_KEY and len(set(key)) >= _FEWEST_CHARACTERS:
        return []
    return [
        Error(
            "EXAMGEN_SECRET_KEY can be guessed.",
            hint=f"It takes {_SHORTEST_KEY} or more random characters, as from openssl "
            "rand -hex 32. Name the former one in EXAMGEN_SECRET_KEY_FALLBACKS.",
            id="examgen.E033",
        )
    ]
