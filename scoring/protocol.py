"""What a browser sends while an exam is taken, read strictly. Pure.

    {"protocol": 1, "tab": "k3v9", "items": [{"q": "...", "v": 3, "value": "abc",
     "flag": true, "at": "2026-11-30T08:01:02Z"}], "manifest": {"...": 3},
     "auto": true}

`q` is a question's id and `v` the version of its answer, which grows with each change.
`flag` and `at`, the client's time, may lack; `manifest` comes with handing in and names
the newest version of each answer that the browser knows of. `auto` says that nobody
pressed a button: the page hands in because it takes the time for over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

PROTOCOL = 1
MOST_BYTES = 64 * 1024
# What a database column holds.
MOST_VERSION = 2**31 - 1
LONGEST_TAB = 40
_LONGEST_ID = 60


class ProtocolError(ValueError):
    """A message that cannot be read as a whole; `code` is stable."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code, where)
        self.code = code
        self.where = where


@dataclass(frozen=True, slots=True)
class Item:
    """One answer as it came: `version` None where there was no usable one.

    `flagged` None leaves the flag as it is.
    """

    question: str
    version: int | None
    value: Any = None
    flagged: bool | None = None
    client_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    tab: str
    items: tuple[Item, ...]
    manifest: Mapping[str, int] | None = None
    auto: bool = False


def read_message(body: bytes) -> Message:
    """Read a request's body; raises ProtocolError with the reason."""
    if len(body) > MOST_BYTES:
        raise ProtocolError("too_large")
    try:
        data = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("malformed", "body") from error
    if not isinstance(data, dict):
        raise ProtocolError("malformed", "body")
    if data.get("protocol") != PROTOCOL:
        raise ProtocolError("unknown_protocol", "protocol")
    items = data.get("items", [])
    if not isinstance(items, list):
        raise ProtocolError("malformed", "items")
    auto = data.get("auto", False)
    if not isinstance(auto, bool):
        raise ProtocolError("malformed", "auto")
    return Message(
        tab=_short_text(data.get("tab", ""), LONGEST_TAB, "tab"),
        items=tuple(_item(item, f"items[{n}]") for n, item in enumerate(items)),
        manifest=_manifest(data.get("manifest")),
        auto=auto,
    )


def version_of(value: Any) -> int | None:
    """A version that can be stored, None for anything else."""
    # A bool is an int to Python, but not to JSON.
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MOST_VERSION else None


def _item(item: Any, where: str) -> Item:
    if not isinstance(item, dict) or "value" not in item:
        raise ProtocolError("malformed", where)
    flagged = item.get("flag")
    if flagged is not None and not isinstance(flagged, bool):
        raise ProtocolError("malformed", f"{where}.flag")
    return Item(
        question=_short_text(item.get("q"), _LONGEST_ID, f"{where}.q"),
        version=version_of(item.get("v")),
        value=item["value"],
        flagged=flagged,
        client_at=_moment(item.get("at")),
    )


def _manifest(value: Any) -> dict[str, int] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ProtocolError("malformed", "manifest")
    found = {name: version_of(version) for name, version in value.items()}
    if any(version is None for version in found.values()):
        raise ProtocolError("malformed", "manifest")
    return {name: version for name, version in found.items() if version is not None}


def _short_text(value: Any, longest: int, where: str) -> str:
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise ProtocolError("malformed", where)
    return value


def _moment(value: Any) -> datetime | None:
    """The client's own time is only told, never relied on: a bad one is none."""
    try:
        moment = datetime.fromisoformat(value)
        return moment if moment.utcoffset() is not None else None
    except (TypeError, ValueError, OverflowError):
        return None


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
