"""PostgreSQL: one COPY per table, all as of one moment.

By our own connection rather than by pg_dump, which must be no older than the server and
is not everywhere the site is (docs/decisions/0015-backups-by-copy.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from examgen.backup.archive import CHUNK, DATABASE, Entry
from examgen.backup.databases import LEFT_OUT, applied
from examgen.backup.errors import BackupError
from examgen.backup.manifest import Manifest, Migration
from exams.services import inventory

# How values look as text must not depend on what an operator set for the database.
_PLAIN = (
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
)


def known_tables() -> set[str]:
    """The tables of this release."""
    models = apps.get_models(include_auto_created=True)
    named = {model._meta.db_table for model in models}  # noqa: SLF001 - Django's own API
    return named | {"django_migrations"}


class PostgreSQLSnapshot:
    """Lives inside a transaction that sees one moment and changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with connection.cursor() as cursor:
            found = connection.introspection.table_names(cursor)
        known = known_tables()
        self._others = sorted(set(found) - known)
        self._tables = {
            table: _columns(table)
            for table in sorted(known.intersection(found) - LEFT_OUT)
        }

    def migrations(self) -> list[Migration]:
        return applied("default")

    def tables(self) -> dict[str, list[str]]:
        return self._tables

    def left_out(self) -> list[str]:
        return self._others

    def named(self) -> Iterator[inventory.Named]:
        return inventory.named()

    def parts(self) -> Iterator[tuple[str, Path]]:
        for table, columns in self._tables.items():
            path = self._folder / table
            with (
                path.open("wb") as file,
                connection.cursor() as cursor,
                connection.wrap_database_errors,
                cursor.copy(f"COPY {_target(table, columns)} TO STDOUT") as rows,
            ):
                for piece in rows:
                    file.write(piece)
            yield table, path
            path.unlink()


@contextmanager
def snapshot(folder: Path) -> Iterator[PostgreSQLSnapshot]:
    with transaction.atomic():
        _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", *_PLAIN)
        yield PostgreSQLSnapshot(folder)


def restore(manifest: Manifest, parts: Iterable[Entry]) -> None:
    """Make the tables as they were by their migrations, then fill them in one go.

    What fails before the end leaves a database without rows, so it can be run again.
    """
    _drop_all()
    _migrate(manifest.migrations)
    with transaction.atomic():
        _run(*_PLAIN)
        for table in manifest.tables:
            _empty(table)
        for part in parts:
            table = part.name.removeprefix(DATABASE)
            if table not in manifest.tables:
                raise BackupError(f"The manifest does not know {part.name}.")
            _fill(_target(table, manifest.tables[table]), part)
        _set_sequences()


def _drop_all() -> None:
    """Remove the tables of an unused site, and the functions of their triggers."""
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        found = set(connection.introspection.table_names(cursor))
        for table in sorted(found & known_tables()):
            cursor.execute(f"DROP TABLE {quote(table)} CASCADE")
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace"
            " AND prorettype = 'trigger'::regtype"
            " AND NOT EXISTS (SELECT FROM pg_depend"
            " WHERE objid = pg_proc.oid AND deptype = 'e')"
            " AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = pg_proc.oid)"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function}")


def _migrate(migrations: list[Migration]) -> None:
    """Bring the tables to where they were, which may be behind this release."""
    executor = MigrationExecutor(connection)
    wanted = set(migrations)
    nodes = executor.loader.graph.node_map
    last = [
        key
        for key in sorted(wanted & set(nodes))
        if not any(
            child.key in wanted and child.key[0] == key[0]
            for child in nodes[key].children
        )
    ]
    executor.migrate(last)


def _empty(table: str) -> None:
    """Take away what migrations wrote; tables of events allow it only where nothing is."""
    with connection.cursor() as cursor:
        quoted = connection.ops.quote_name(table)
        cursor.execute(f"SELECT EXISTS (SELECT FROM {quoted})")  # noqa: S608
        if cursor.fetchone() == (True,):
            cursor.execute(f"DELETE FROM {quoted}")  # noqa: S608


def _fill(target: str, part: Entry) -> None:
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {target} FROM STDIN") as rows,
    ):
        while piece := part.content.read(CHUNK):
            rows.write(piece)


def _set_sequences() -> None:
    """Let numbers go on after the highest that is taken."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for one in connection.introspection.get_sequences(cursor, table):
                column = quote(one["column"])
                cursor.execute(
                    f"SELECT setval(%s::regclass, COALESCE(MAX({column}), 1),"  # noqa: S608
                    f" MAX({column}) IS NOT NULL) FROM {quote(table)}",
                    [quote(one["name"])],
                )


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def _target(table: str, columns: list[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(map(quote, columns))})"


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
