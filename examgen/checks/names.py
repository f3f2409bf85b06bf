"""Names that nobody knows, and numbers that do not go together."""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from examgen.settings.declared import DECLARED

_OURS = "EXAMGEN_"


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
def check_web_workers(**_: Any) -> list[CheckMessage]:
    if not settings.SQLITE or settings.WEB_WORKERS == 1:
        return []
    return [
        Error(
            f"EXAMGEN_WEB_WORKERS is {settings.WEB_WORKERS}, and SQLite serves one web "
            "process.",
            hint="Leave it away, or set DATABASE_URL to a PostgreSQL.",
            id="examgen.E036",
        )
    ]


@register
def check_unknown(**_: Any) -> list[CheckMessage]:
    """A name with a slip in it says nothing, and its setting keeps its default."""
    unknown = sorted(
        name for name in os.environ if name.startswith(_OURS) and name not in DECLARED
    )
    return [
        checks.Warning(
            f"{name} is no setting, and nobody reads it.",
            hint=_cure(name),
            id="examgen.W005",
        )
        for name in unknown
    ]


def _cure(name: str) -> str:
    like = get_close_matches(name, DECLARED, n=1)
    return (
        f"Is {like[0]} meant?" if like else "Unset it; docs/configuration.md has all."
    )
