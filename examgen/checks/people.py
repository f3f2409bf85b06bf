"""Who may come in, and by which house."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from examgen.settings.declared import DECLARED
from examgen.settings.environment import env

# What belongs together: all of it, or nothing.
_HOUSES = (
    ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    ("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"),
    ("MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET"),
    ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"),
)


@register
def check_educator_signup(**_: Any) -> list[CheckMessage]:
    words = DECLARED["EDUCATOR_SIGNUP"].words
    if settings.EDUCATOR_SIGNUP in words:
        return []
    return [
        Error(
            f"EDUCATOR_SIGNUP is {settings.EDUCATOR_SIGNUP!r}.",
            hint=f"Set it to one of: {', '.join(words)}.",
            id="examgen.E004",
        )
    ]


@register
def check_houses(**_: Any) -> list[CheckMessage]:
    """Half of what a provider needs shows no button, and no reason either."""
    found: list[CheckMessage] = []
    for names in _HOUSES:
        missing = [name for name in names if not env.is_given(name)]
        if 0 < len(missing) < len(names):
            given = ", ".join(name for name in names if name not in missing)
            found.append(
                Error(
                    f"{given} given without {', '.join(missing)}.",
                    hint="Sign-in with another house needs all of them: set what is "
                    "missing, or take the others away.",
                    id="examgen.E035",
                )
            )
    return found
