"""What a store of files can do here, be it a folder or a bucket.

Beyond Django's own: listing by prefix, removing many, telling what it really holds, and
lending out a short-lived address. Whatever goes wrong is an OSError, as with a disk:
FileNotFoundError, ENOSPC for a store that is full, StoreAwayError for the rest.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, NamedTuple, Protocol

from django.core.files.base import File

# What a disk, a quota and a bucket say when nothing more goes in.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class StoreAwayError(OSError):
    """The store does not answer, or refuses us; trying again later may help.

    Its words are for the operator: what is wrong, and which variable cures it.
    """


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One entry of a listing; `at` is when it was written, by the store's clock."""

    name: str
    size: int
    at: datetime


class Fingerprint(NamedTuple):
    """What an object's bytes are, without the bytes."""

    size: int
    sha256: str


class Store(Protocol):
    """Django's Storage as far as it is used here, and what it lacks."""

    def save(self, name: str, content: File[Any]) -> str: ...

    def open(self, name: str, mode: str = "rb") -> IO[bytes]: ...

    def delete(self, name: str) -> None: ...

    def exists(self, name: str) -> bool: ...

    def fingerprint(self, name: str) -> Fingerprint:
        """Say what is stored under this name, not what was sent there."""

    def walk(self, prefix: str) -> Iterator[StoredObject]:
        """List whatever begins with `prefix`, never holding more than a page."""

    def remove(self, names: Iterable[str]) -> None:
        """Delete many objects; those that are gone already are no error."""

    def link(self, name: str, *, content_type: str, disposition: str) -> str | None:
        """Lend an address that opens this one object for a minute, to whoever has it.

        None where the store cannot be reached by browsers: then the app streams.
        """

    def probe(self) -> None:
        """Raise an OSError that says why the store cannot be used."""
