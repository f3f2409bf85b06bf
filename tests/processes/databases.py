"""The database of a site: looked into, and changed behind the site's back."""

from __future__ import annotations

import json
import sqlite3
import uuid
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.servers import Postgres

Rows = list[dict[str, Any]]

# Runs a test once on each, in the place of SQLite alone.
on_every_database = pytest.mark.parametrize(
    "kind", ["sqlite", "postgresql"], indirect=True
)
# Runs a test with workers that poll, on SQLite, and with workers that Celery wakes, on
# PostgreSQL.
on_every_bell = pytest.mark.parametrize("bell", ["none", "celery"], indirect=True)


class Database(Protocol):
    """SQL has `?` for each value; rows look alike, whatever the database."""

    @property
    def url(self) -> str: ...

    def rows(self, sql: str, *values: object) -> Rows:
        """What a query finds, as committed now."""
        ...

    def change(self, sql: str, *values: object) -> None: ...

    def takes_writes(self) -> bool:
        """Whether nobody is in the middle of a transaction that keeps others waiting."""
        ...

    def copy(self, home: Path) -> Database:
        """A copy for the site in this folder, of which nobody has made one yet."""
        ...

    def close(self) -> None:
        """Let go of it; whoever looks into it again opens it again."""
        ...


class SQLite:
    """The file `db.sqlite3` in the site's folder, which is copied with it."""

    def __init__(self, home: Path) -> None:
        self.path = home / "db.sqlite3"
        self.url = f"sqlite:///{self.path}"
        self._reader: sqlite3.Connection | None = None

    def rows(self, sql: str, *values: object) -> Rows:
        if self._reader is None:
            # Autocommit, so that every query sees what was committed before it.
            self._reader = sqlite3.connect(
                f"file:{self.path}?mode=ro", uri=True, isolation_level=None
            )
            self._reader.row_factory = sqlite3.Row
        return [dict(row) for row in self._reader.execute(sql, values)]

    def change(self, sql: str, *values: object) -> None:
        connection = sqlite3.connect(self.path, timeout=20)
        with connection:
            connection.execute(sql, values)
        connection.close()

    def takes_writes(self) -> bool:
        connection = sqlite3.connect(self.path, timeout=0.5, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()
        return True

    def copy(self, home: Path) -> SQLite:
        return SQLite(home)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None


class PostgreSQL:
    """One database of a private server."""

    def __init__(self, server: Postgres, name: str, *, template: str = "") -> None:
        self.server = server
        self.name = name
        self.url = server.create(name, template=template or "template0")
        self._connection: psycopg.Connection | None = None

    def rows(self, sql: str, *values: object) -> Rows:
        with self._open().cursor(row_factory=dict_row) as cursor:
            cursor.execute(_with_placeholders(sql), values)
            return [{key: _plain(row[key]) for key in row} for row in cursor]

    def change(self, sql: str, *values: object) -> None:
        self._open().execute(_with_placeholders(sql), values)

    def takes_writes(self) -> bool:
        return True

    def copy(self, home: Path) -> PostgreSQL:
        # A database that somebody looks into cannot be copied.
        self.close()
        name = f"{home.name}-{uuid.uuid4()}"
        return PostgreSQL(self.server, name, template=self.name)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = self.server.connect(self.name)
        return self._connection


def _with_placeholders(sql: str) -> bytes:
    return sql.replace("?", "%s").encode()


def _plain(value: object) -> object:
    """A value as SQLite keeps it."""
    if isinstance(value, uuid.UUID):
        return value.hex
    return json.dumps(value) if isinstance(value, dict | list) else value
