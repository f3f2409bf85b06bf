"""The kinds of database that a site can have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from examgen.backup import postgresql, sqlite
from examgen.backup.archive import Entry
from examgen.backup.databases import Snapshot
from examgen.backup.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of database is held still and filled.

    `snapshot(folder)` holds one moment; the folder is for what is written on the way.
    `restore(manifest, parts)` fills an empty database, wholly or not at all.
    """

    title: str
    snapshot: Callable[[Path], AbstractContextManager[Snapshot]]
    restore: Callable[[Manifest, Iterable[Entry]], None]


KINDS = {
    "sqlite": Kind("SQLite", sqlite.snapshot, sqlite.restore),
    "postgresql": Kind("PostgreSQL", postgresql.snapshot, postgresql.restore),
}


def of_this_site() -> Kind:
    return KINDS[connection.vendor]
