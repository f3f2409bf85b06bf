"""Addresses in the environment: what is wrong with one, in a sentence with the cure.

Everything that is connected to or listened at comes through here, so that what passes
can be read by every library. Of what was given nothing is repeated, for any part of it
may be a password.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from examgen.settings.wrong import WrongValueError

LAST_PORT = 65_535

# A name, an IPv4 address or an IPv6 address in brackets; then a port, or none.
_PLACE = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]\s]*)(?::(\d{1,5}))?")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_LONGEST_NAME = 253
_AFTERWARDS = "after the host comes a port or nothing"
_ENCODE = "A password with / ? # or @ is written percent-encoded, %2F for a slash."


class NoPlaceError(ValueError):
    """Nobody can be reached at what should be host and port; says why."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What addresses of one kind look like."""

    schemes: tuple[str, ...]
    example: str
    # Of the sentence that says what is wrong with one.
    number: str
    # Whether a host must be there, may be left out for one of this machine, or is none.
    host: bool | None = True
    # Whether several may stand there, to be tried in turn.
    several: bool = False
    # A host of the web has no underscore, and who asks it is not said in its address.
    web: bool = False
    # A pattern, and what it stands for.
    path: tuple[str, str] = ("", "")
    # What may be set behind a question mark; None where somebody else decides.
    options: tuple[str, ...] | None = ()


def place(text: str) -> tuple[str, int | None]:
    """Split HOST:PORT; the host is without brackets, and empty when there is none."""
    found = _PLACE.fullmatch(text)
    if not found:
        raise NoPlaceError(_AFTERWARDS)
    host, port = found[1], int(found[2]) if found[2] else None
    if port is not None and not 0 < port <= LAST_PORT:
        raise NoPlaceError(f"a port is a number from 1 to {LAST_PORT}")
    if host.startswith("["):
        host = host[1:-1]
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise NoPlaceError(_AFTERWARDS) from None
    elif host and not _is_name(host):
        raise NoPlaceError("a host has letters, digits, hyphens and single dots")
    return host, port


def check_address(name: str, value: str, shape: Shape) -> None:
    """Raise WrongValueError unless the variable's value is of this shape."""
    example = f"as in {shape.example}."
    scheme, separator, _ = value.partition("://")
    if not separator or scheme not in shape.schemes:
        *others, last = (f"{scheme}://" for scheme in shape.schemes)
        allowed = f"{', '.join(others)} or {last}" if others else last
        raise WrongValueError(
            shape.number, f"{name} must begin with {allowed}, {example}"
        )
    try:
        parts = urlsplit(value)
    except ValueError:
        raise _unreadable(name, _AFTERWARDS, shape) from None
    person, at, hosts = parts.netloc.rpartition("@")
    found = [_place(name, one, shape) for one in _each(hosts, shape)]
    if shape.host and not all(found):
        raise WrongValueError(shape.number, f"{name} names no host, {example}")
    if shape.host is None and (person or any(found)):
        raise WrongValueError(
            shape.number,
            f"{name} must name nothing between // and the next /, {example}",
        )
    if shape.web and at:
        raise WrongValueError(shape.number, f"{name} must name no user, {example}")
    pattern, meaning = shape.path
    if pattern and not re.fullmatch(pattern, parts.path):
        raise WrongValueError(shape.number, f"{name} must end in {meaning}, {example}")
    if parts.fragment:
        raise _unreadable(name, "nothing stands behind a #", shape)
    if shape.options is not None:
        _check_options(name, parts.query, shape)


def _each(hosts: str, shape: Shape) -> list[str]:
    return hosts.split(",") if shape.several else [hosts]


def _place(name: str, text: str, shape: Shape) -> str:
    try:
        host, _ = place(text)
    except NoPlaceError as error:
        raise _unreadable(name, str(error), shape) from None
    if shape.web and "_" in host:
        raise _unreadable(name, "a host of the web has no underscore", shape)
    return host


def _is_name(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    return len(host) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, labels))


def _check_options(name: str, query: str, shape: Shape) -> None:
    given = parse_qs(query, keep_blank_values=True)
    if not shape.options and query:
        raise WrongValueError(
            shape.number, f"{name} must have nothing behind a ?, as in {shape.example}."
        )
    if any(option not in (shape.options or ()) for option in given):
        raise WrongValueError(
            shape.number,
            f"{name} may have behind its ? nothing but: {', '.join(shape.options or ())}.",
        )


def _unreadable(name: str, why: str, shape: Shape) -> WrongValueError:
    return WrongValueError(
        shape.number, f"{name} cannot be read: {why}, as in {shape.example}. {_ENCODE}"
    )
