"""SQLite: a copy of its file, made by itself while others read and write."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db import connection, connections

from examgen.backup.archive import CHUNK, Entry
from examgen.backup.databases import LEFT_OUT, applied
from examgen.backup.errors import BackupError
from examgen.backup.manifest import Manifest, Migration
from exams.services import inventory

FILE = "db.sqlite3"
# The copy, as Django's models reach it.
_ALIAS = "backup"
# Seconds that another process is given to let go of the file.
_PATIENCE = 5.0


class SQLiteSnapshot:
    def __init__(self, copy: Path) -> None:
        self._copy = copy

    def migrations(self) -> list[Migration]:
        return applied(_ALIAS)

    def tables(self) -> dict[str, list[str]]:
        return {}

    def left_out(self) -> list[str]:
        return []

    def named(self) -> Iterator[inventory.Named]:
        return inventory.named(_ALIAS)

    def parts(self) -> Iterator[tuple[str, Path]]:
        yield FILE, self._copy


@contextmanager
def snapshot(folder: Path) -> Iterator[SQLiteSnapshot]:
    copy = folder / FILE
    with connection.cursor() as cursor:
        # One read transaction, which keeps nobody from writing; and what was deleted
        # is not in it, where a copy of the file would have it still.
        cursor.execute("VACUUM INTO %s", [str(copy)])
    with closing(sqlite3.connect(copy, isolation_level=None)) as opened:
        opened.execute("PRAGMA secure_delete = ON")
        for table in LEFT_OUT:
            opened.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of ours
    settings = connections["default"].settings_dict
    # Without the options, which would switch its journal over.
    connections.settings[_ALIAS] = settings | {"NAME": str(copy), "OPTIONS": {}}
    try:
        yield SQLiteSnapshot(copy)
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS]
        del connections.settings[_ALIAS]


def restore(manifest: Manifest, parts: Iterable[Entry]) -> None:  # noqa: ARG001
    """Write the file beside its place, and rename it once it is whole."""
    path = Path(connection.settings_dict["NAME"])
    staged = path.with_name(f".{path.name}.restoring")
    try:
        with open(
            staged, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)
        ) as file:
            for part in parts:
                shutil.copyfileobj(part.content, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
        _require_sound(staged)
        connections.close_all()
        _require_alone(path)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _require_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as opened:
        try:
            ((verdict,),) = opened.execute("PRAGMA quick_check(1)")
        except sqlite3.DatabaseError as error:
            verdict = str(error)
    if verdict != "ok":
        raise BackupError(f"The database in the backup is damaged: {verdict}.")


def _require_alone(path: Path) -> None:
    """See that nobody has the old file open, who would go on with it unseen.

    To leave the journal of the site (WAL) SQLite must be alone; it then also removes
    the files beside, which would be taken for the new one's.
    """
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=_PATIENCE)) as opened:
        mode = ""
        with suppress(sqlite3.OperationalError):
            ((mode,),) = opened.execute("PRAGMA journal_mode = DELETE")
    if mode != "delete":
        raise BackupError(
            f"Another process has {path} open: stop web and workers, and run it again."
        )
