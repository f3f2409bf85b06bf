"""Addresses in the environment: what is wrong with one, in a sentence with the cure.

Of what was given nothing is repeated, for any part of it may be a password.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# A name, an IPv4 address or an IPv6 address in brackets; then a port, or none.
_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^:\[\]\s]*)(?::\d{1,5})?")
_ENCODE = "A password with / ? # or @ is written percent-encoded, %2F for a slash."


def check_address(
    name: str,
    value: str,
    *,
    schemes: Sequence[str],
    example: str,
    host: bool = True,
    path: tuple[str, str] = ("", ""),
) -> None:
    """Raise ImproperlyConfigured unless this is an address of one of the schemes.

    `host` says whether it must name one; `path` is a pattern and what it stands for.
    """
    scheme, separator, _ = value.partition("://")
    if not separator or scheme not in schemes:
        *others, last = (f"{scheme}://" for scheme in schemes)
        allowed = f"{', '.join(others)} or {last}"
        raise ImproperlyConfigured(
            f"{name} must begin with {allowed}, as in {example}."
        )
    try:
        parts = urlsplit(value)
    except ValueError:
        raise _malformed(name, example) from None
    hosts = parts.netloc.rpartition("@")[2]
    if not all(_HOST.fullmatch(one) for one in hosts.split(",")):
        raise _malformed(name, example)
    if host and not hosts.partition(":")[0]:
        raise ImproperlyConfigured(f"{name} names no host, as in {example}.")
    pattern, meaning = path
    if pattern and not re.fullmatch(pattern, parts.path):
        raise ImproperlyConfigured(f"{name} must end in {meaning}, as in {example}.")


def _malformed(name: str, example: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"{name} cannot be read: after the host comes a port or nothing, as in "
        f"{example}. {_ENCODE}"
    )
