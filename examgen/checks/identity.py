"""What the site is called, and the picture before its name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from examgen import logo

LONGEST_NAME = 60


@register
def check_site_name(**_: Any) -> list[CheckMessage]:
    if is_site_name(settings.SITE_NAME):
        return []
    return [
        Error(
            "EXAMGEN_SITE_NAME is no name that fits into a page's head.",
            hint=f"Write 1 to {LONGEST_NAME} characters in one line.",
            id="examgen.E038",
        )
    ]


def is_site_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and text.isprintable()


@register
def check_logo(**_: Any) -> list[CheckMessage]:
    if not settings.LOGO:
        return []
    try:
        logo.examine(settings.LOGO)
    except logo.NoLogoError as error:
        return [
            Error(
                f"EXAMGEN_LOGO cannot be shown: {error}",
                hint=f"Name a {logo.MEANING} that the site's account may read.",
                id="examgen.E037",
            )
        ]
    return []
