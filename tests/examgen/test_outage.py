"""Errors as databases really raise them."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, Error, IntegrityError, InternalError, OperationalError
from django.db.utils import ConnectionHandler

from examgen.outage import database_is_away, store_is_away
from examgen.store import StoreAwayError
from exams.services.files import StoreError, StoreFullError
from tests.examgen.waiting import DEADLINE_SECONDS
from tests.servers import Postgres

Connect = Callable[..., Any]


def run(connection: Any, sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def error_of(connection: Any, sql: str, *values: object) -> Error:
    with pytest.raises(Error) as raised:
        run(connection, sql, *values)
    return raised.value


@pytest.fixture
def connect(postgres: Postgres, django_db_blocker) -> Iterator[Connect]:
    """Make connections to a server of our own, which has a table of two numbers."""
    opened: list[Any] = []

    def make(**options: Any) -> Any:
        settings = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "examgen",
            "USER": "postgres",
            "HOST": "127.0.0.1",
            "PORT": postgres.port,
            "OPTIONS": options,
        }
        opened.append(ConnectionHandler({"default": settings})["default"])
        return opened[-1]

    with django_db_blocker.unblock():
        run(make(), "CREATE TABLE numbers (n integer PRIMARY KEY)")
        run(make(), "INSERT INTO numbers VALUES (1), (2)")
        yield make
        for connection in opened:
            connection.close()
        run(make(), "DROP TABLE numbers")
        opened[-1].close()


def end(connection: Any, connect: Connect) -> None:
    """End a connection as a restart of the server does."""
    run(connection, "SELECT 1")
    pid = connection.connection.info.backend_pid
    run(connect(), "SELECT pg_terminate_backend(%s, 5000)", pid)


# What passes by itself


def test_a_server_that_is_not_there(postgres: Postgres, connect: Connect) -> None:
    connection = connect()
    run(connection, "SELECT 1")
    postgres.crash()
    try:
        lost = error_of(connection, "SELECT 1")
        refused = error_of(connect(), "SELECT 1")
    finally:
        postgres.start()
    assert [type(error) for error in (lost, refused)] == [OperationalError] * 2
    assert database_is_away(lost)
    assert database_is_away(refused)


def test_a_connection_that_was_ended(connect: Connect) -> None:
    connection = connect()
    end(connection, connect)
    assert database_is_away(error_of(connection, "SELECT 1"))
    # The driver knows by now, and does not ask again.
    assert database_is_away(error_of(connection, "SELECT 1"))


def test_what_follows_from_a_connection_that_was_ended(connect: Connect) -> None:
    connection = connect()
    connection.set_autocommit(False)
    end(connection, connect)

    def stumble() -> None:
        try:
            run(connection, "SELECT 1")
        finally:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        stumble()
    assert database_is_away(raised.value)


def test_a_pool_without_a_free_connection(connect: Connect) -> None:
    pool = {"min_size": 1, "max_size": 1, "timeout": 0.1}
    connection = connect(pool=pool)
    try:
        run(connection, "SELECT 1")
        second = connection.copy()
        assert database_is_away(error_of(second, "SELECT 1"))
    finally:
        connection.close()
        connection.close_pool()


@pytest.mark.parametrize(
    ("options", "sql"),
    [
        ("-c statement_timeout=20", "SELECT pg_sleep(9)"),
        ("-c lock_timeout=20", "UPDATE numbers SET n = 3 WHERE n = 1"),
        ("-c default_transaction_read_only=on", "DELETE FROM numbers"),
        ("-c transaction_timeout=20", "BEGIN; SELECT pg_sleep(9)"),
    ],
)
def test_a_limit_that_was_reached(connect: Connect, options: str, sql: str) -> None:
    holder = connect()
    run(holder, "BEGIN")
    run(holder, "SELECT 1 FROM numbers FOR UPDATE")
    assert database_is_away(error_of(connect(options=options), sql))


def test_a_deadlock(connect: Connect) -> None:
    one, other = connect(options="-c deadlock_timeout=20"), connect()
    for connection, number in ((one, 1), (other, 2)):
        run(connection, "BEGIN")
        run(connection, "UPDATE numbers SET n = n WHERE n = %s", number)
    other.inc_thread_sharing()
    waiter = threading.Thread(
        target=lambda: run(other, "UPDATE numbers SET n = n WHERE n = 1"), daemon=True
    )
    waiter.start()
    error = error_of(one, "UPDATE numbers SET n = n WHERE n = 2")
    run(one, "ROLLBACK")
    waiter.join(DEADLINE_SECONDS)
    assert "deadlock detected" in str(error)
    assert database_is_away(error)


def test_a_file_that_somebody_else_writes(tmp_path: Path, django_db_blocker) -> None:
    path = tmp_path / "db.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with django_db_blocker.unblock():
        connection = small_site(path)
        error = error_of(connection, "CREATE TABLE numbers (n integer)")
        connection.close()
    writer.close()
    assert str(error) == "database is locked"
    assert database_is_away(error)


def small_site(path: Path) -> Any:
    options = {"timeout": 0.01}
    settings = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": options,
    }
    return ConnectionHandler({"default": settings})["default"]


# What comes again


@pytest.mark.parametrize(
    ("kind", "sql", "values"),
    [
        (IntegrityError, "INSERT INTO numbers VALUES (1)", ()),
        (Error, "SELECT * FROM nowhere", ()),
        (DataError, "SELECT %s::text", ("\0",)),
        (InternalError, "DO 'BEGIN ROLLBACK; END'", ()),
    ],
)
def test_a_mistake_of_ours(connect: Connect, kind: type[Error], sql, values) -> None:
    connection = connect()
    connection.set_autocommit(False)
    run(connection, "SELECT 1")
    error = error_of(connection, sql, *values)
    assert isinstance(error, kind)
    assert not database_is_away(error)


def test_a_mistake_of_ours_on_a_small_site(tmp_path: Path, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        connection = small_site(tmp_path / "db.sqlite3")
        error = error_of(connection, "SELECT * FROM nowhere")
        connection.close()
    assert isinstance(error, OperationalError)
    assert not database_is_away(error)


@pytest.mark.parametrize("error", [None, ValueError("no"), KeyError()])
def test_what_no_database_said(error: Exception | None) -> None:
    assert not database_is_away(error)


def told_of(told: Exception, cause: OSError) -> Exception:
    """An error as services tell it of a store's own."""
    try:
        try:
            raise cause
        except OSError as error:
            raise told from error
    except Exception as error:  # noqa: BLE001
        return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (told_of(StoreError("page.webp"), StoreAwayError("no answer")), True),
        (StoreAwayError("no answer"), True),
        (told_of(StoreFullError("page.webp"), OSError(errno.ENOSPC, "full")), False),
        (told_of(StoreError("page.webp"), FileNotFoundError("page.webp")), False),
        (StoreError("what is stored differs"), False),
        (None, False),
    ],
)
def test_a_store_that_is_away_is_told_from_one_that_is_full(
    error: Exception | None, away: bool
) -> None:
    assert store_is_away(error) is away
