"""Asking the parts of the site that run elsewhere, before anything is started.

A probe connects with a short patience and says what is wrong in the operator's words:
the variable, and the cure. What is configured wrongly is an error. A part that is away
is an error only where no page works without it: mail and what Redis does can wait.
`manage.py check` asks them too, once the settings are right in themselves, but for the
tables, which may be made afterwards; other commands do not, so that a site can be looked
after while a part is away. PostgreSQL is asked by `examgen.postgresql.checks`, which
every command runs that needs a database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.management.base import SystemCheckError

from examgen.probes.broker import probe_redis
from examgen.probes.files import probe_sqlite, probe_store
from examgen.probes.mail import probe_mail
from examgen.probes.tables import probe_tables

Part = tuple[str, Callable[[], list[CheckMessage]]]

# Which variables a probe is about, and the probe.
PROBES: tuple[Part, ...] = (
    ("DATABASE_URL", probe_sqlite),
    ("S3_BUCKET or another of the store's variables", probe_store),
    ("REDIS_URL or CACHE_URL", probe_redis),
    ("EMAIL_URL", probe_mail),
)


def asked(parts: Sequence[Part] = PROBES) -> list[CheckMessage]:
    """Ask every part. The settings are right in themselves, else ask nobody."""
    return [
        message for variables, probe in parts for message in _guarded(variables, probe)
    ]


def require(tell: Callable[[str], Any]) -> None:
    """Refuse to start with what cannot work, and tell of what is missing for now."""
    found = asked()
    if not any(message.is_serious() for message in found):
        found += asked([("DATABASE_URL", probe_tables)])
    serious = [message for message in found if message.is_serious()]
    for message in found:
        if message not in serious:
            tell(str(message))
    if serious:
        lines = "\n".join(str(message) for message in serious)
        raise SystemCheckError(f"The site cannot be started:\n{lines}")


def _guarded(
    variables: str, probe: Callable[[], list[CheckMessage]]
) -> list[CheckMessage]:
    try:
        return probe()
    except Exception as error:  # noqa: BLE001 - what nobody foresaw has a cure too
        # Without its words, which may repeat an address with its password.
        return [
            Error(
                f"What {variables} says cannot be used ({type(error).__name__}).",
                hint=f"Compare {variables} with docs/configuration.md.",
                id="examgen.E080",
            )
        ]
