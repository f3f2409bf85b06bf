"""System checks of what is said about the bucket: half of it is worse than nothing."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

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
_STYLES = ("auto", "path", "virtual")
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
                id="examgen.E020",
            )
        ]
    if not _BUCKET.fullmatch(settings.S3_BUCKET):
        return [
            Error(
                # Without the value: a whole address with a key may stand there.
                "S3_BUCKET is no name of a bucket.",
                hint="A name has 3 to 63 small letters, digits, dots and hyphens.",
                id="examgen.E021",
            )
        ]
    if find_spec("boto3") is None:
        return [
            Error(
                "S3_BUCKET is set, but what speaks to buckets is not installed.",
                hint="Install requirements/deploy.txt.",
                id="examgen.E022",
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
            id="examgen.E023",
        )
    ]


@register
def check_addresses(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            # Without the address, which may hold a key.
            f"{name} is no address of a store.",
            hint="Set it to scheme, host and port alone: https://s3.example.org",
            id="examgen.E024",
        )
        for name in ("S3_ENDPOINT_URL", "S3_PUBLIC_URL")
        if (address := getattr(settings, name)) and not _is_origin(address)
    ]


@register
def check_addressing_style(**_: Any) -> list[CheckMessage]:
    if settings.S3_ADDRESSING_STYLE in _STYLES:
        return []
    return [
        Error(
            f"S3_ADDRESSING_STYLE is {settings.S3_ADDRESSING_STYLE!r}.",
            hint=f"Set it to one of: {', '.join(_STYLES)}.",
            id="examgen.E025",
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
            id="examgen.W020",
        )
    ]


def _is_origin(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port_is_fine = parts.port != 0
    except ValueError:
        return False
    bare = f"{parts.scheme}://{parts.netloc}" == address
    host = re.fullmatch(r"[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]", _host(parts.netloc))
    return parts.scheme in ("http", "https") and bare and bool(host) and port_is_fine


def _host(netloc: str) -> str:
    return re.sub(r":\d+$", "", netloc)
