"""System checks of what is said about the bucket: half of it is worse than nothing."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

_OPTIONAL = (
    "S3_ENDPOINT_URL",
    "S3_REGION",
    "S3_ACCESS_KEY_ID",
    "S3_SECRET_ACCESS_KEY",
    "S3_PUBLIC_URL",
)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


@register
def check_bucket(**_: Any) -> list[CheckMessage]:
    if not settings.S3_BUCKET:
        given = [name for name in _OPTIONAL if getattr(settings, name)]
        if not given:
            return []
        return [
            Error(
                f"{', '.join(given)} given, but no S3_BUCKET: files would go to a "
                "folder of this machine.",
                hint="Set S3_BUCKET to the bucket's name, or take the others away.",
                id="examgen.E062",
            )
        ]
    if not _BUCKET.fullmatch(settings.S3_BUCKET):
        return [
            Error(
                # Without the value: a whole address with a key may stand there.
                "S3_BUCKET is no name of a bucket.",
                hint="A name has 3 to 63 small letters, digits, dots and hyphens.",
                id="examgen.E063",
            )
        ]
    return []


@register
def check_keys(**_: Any) -> list[CheckMessage]:
    names = ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    missing = [name for name in names if not getattr(settings, name)]
    if len(missing) != 1:
        return []
    return [
        Error(
            f"{missing[0]} is missing: a key is of no use without its other half.",
            hint="Set both, or neither where the machine has a key of its own.",
            id="examgen.E064",
        )
    ]


@register
def check_mixed_content(**_: Any) -> list[CheckMessage]:
    if not settings.SITE_URL.startswith("https://"):
        return []
    if not settings.S3_PUBLIC_URL.startswith("http://"):
        return []
    return [
        checks.Warning(
            "Browsers show no pictures from http:// on pages served by https://.",
            hint="Give S3_PUBLIC_URL an https:// address, or unset it.",
            id="examgen.W062",
        )
    ]
