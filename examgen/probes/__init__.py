"""Asking the parts of the site that run elsewhere, before anything is started.

A probe connects with a short patience and says what is wrong in the operator's words:
the variable, and the cure. What is configured wrongly is an error. A part that is away
is an error only where no page works without it: mail and what Redis does can wait.
`manage.py check` asks them too, but for the tables, which may be made afterwards; other
commands do not, so that a site can be looked after while a part is away. PostgreSQL is asked by `examgen.postgresql.checks`, which
every command runs that needs a database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.checks import CheckMessage
from django.core.management.base import SystemCheckError

from examgen.probes.broker import probe_redis
from examgen.probes.files import probe_sqlite, probe_store
from examgen.probes.mail import probe_mail
from examgen.probes.tables import probe_tables

PROBES: tuple[Callable[..., list[CheckMessage]], ...] = (
    probe_sqlite,
    probe_store,
    probe_redis,
    probe_mail,
)


def require(tell: Callable[[str], Any]) -> None:
    """Refuse to start with what cannot work, and tell of what is missing for now."""
    found = [message for probe in (*PROBES, probe_tables) for message in probe()]
    serious = [message for message in found if message.is_serious()]
    for message in found:
        if message not in serious:
            tell(str(message))
    if serious:
        lines = "\n".join(str(message) for message in serious)
        raise SystemCheckError(f"The site cannot be started:\n{lines}")
