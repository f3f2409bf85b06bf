"""System checks: a wrong setting is named at start-up, with its cure."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import connection


@register
def check_bell(**_: Any) -> list[CheckMessage]:
    if settings.EXAMGEN_BELL not in settings.BELLS:
        return [
            Error(
                f"EXAMGEN_BELL is {settings.EXAMGEN_BELL!r}.",
                hint=f"Set it to one of: {', '.join(settings.BELLS)}.",
                id="examgen.E002",
            )
        ]
    if settings.EXAMGEN_BELL == "celery" and connection.vendor == "sqlite":
        # Celery forks while its threads are inside the database. What SQLite knows of
        # locks is forked with them: a child waits for one that nobody will release, or
        # believes that it holds one.
        return [
            Error(
                "EXAMGEN_BELL is 'celery', and the database is SQLite.",
                hint="Set DATABASE_URL to a PostgreSQL server, as in "
                "postgresql://user:password@host:5432/name, or EXAMGEN_BELL to none.",
                id="examgen.E006",
            )
        ]
    return []


@register
def check_lease(**_: Any) -> list[CheckMessage]:
    if settings.JOB_HEARTBEAT_SECONDS * 2 <= settings.JOB_LEASE_SECONDS:
        return []
    return [
        Error(
            "A lease must outlive two heartbeats, or healthy jobs are taken for lost.",
            hint="Raise EXAMGEN_JOB_LEASE or lower EXAMGEN_JOB_HEARTBEAT.",
            id="examgen.E003",
        )
    ]
