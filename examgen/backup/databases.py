"""What a backup asks of the database, whichever it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from examgen.backup.errors import BackupError
from examgen.backup.manifest import Migration
from exams.services.inventory import Named

# Whoever has a session's key is signed in, and who signed out meanwhile would be in
# again: everybody signs in anew.
LEFT_OUT = frozenset({"accounts_session", "django_session"})


class Snapshot(Protocol):
    """The database as of one moment, while the site goes on."""

    def migrations(self) -> list[Migration]:
        """Those applied, in their order."""

    def tables(self) -> dict[str, list[str]]:
        """Columns by table, where the database is written table by table."""

    def left_out(self) -> list[str]:
        """Tables that are there, and are not this release's."""

    def named(self) -> Iterator[Named]:
        """The objects that rows name."""

    def parts(self) -> Iterator[tuple[str, Path]]:
        """Files with the content, by name; each is there until the next is asked for."""


def applied(using: str) -> list[Migration]:
    """The migrations that a database has had, oldest first."""
    rows = MigrationRecorder.Migration.objects.using(using).order_by("pk")
    return [(row.app, row.name) for row in rows]


def require_known(migrations: Iterable[Migration]) -> None:
    """Refuse tables that this release knows nothing of."""
    known = MigrationLoader(None).disk_migrations or {}
    for app, name in migrations:
        if (app, name) not in known:
            raise BackupError(
                f"The backup is of another release, probably a newer one: it has "
                f"migration {app}.{name}, which is not here. Restore it by its own."
            )


def outstanding() -> int:
    """How many migrations the restored tables lack."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
