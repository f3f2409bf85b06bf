"""System checks: a wrong setting is named at start-up, with its cure."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def check_bell(**_: Any) -> list[CheckMessage]:
    if settings.EXAMGEN_BELL in settings.BELLS:
        return []
    return [
        Error(
            f"EXAMGEN_BELL is {settings.EXAMGEN_BELL!r}.",
            hint=f"Set it to one of: {', '.join(settings.BELLS)}.",
            id="examgen.E002",
        )
    ]


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
