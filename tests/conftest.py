"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.factories import people, stores
from tests.servers import Moto, Nanio, Postgres, Valkey

pytest_plugins = ["tests.chaos.tally"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests marked `every_store` on a disk and on a bucket."""
    if metafunc.definition.get_closest_marker("every_store"):
        metafunc.parametrize("store", ["disk", "bucket"], indirect=True)


@pytest.fixture(scope="session")
def nanio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nanio]:
    """An S3 server for all tests of a process; those that harm one start their own."""
    server = Nanio(tmp_path_factory.mktemp("nanio"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moto]:
    """The other one."""
    server = Moto(tmp_path_factory.mktemp("moto"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Nanio]:
    """An S3 server that a test may harm."""
    server = Nanio(tmp_path / "mortal")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def tesseract() -> str:
    """The program that recognises text; where it must not be missing, that fails."""
    program = shutil.which("tesseract")
    if program is None:
        reason = "TEXT RECOGNITION NOT TESTED: no tesseract"
        if os.environ.get("EXAMGEN_REQUIRE_OCR"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run the tests that touch the database, for a second one",
    )


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what says nothing about the database that is configured.

    `make test` runs everything on SQLite, then these once more on PostgreSQL.
    """
    postgresql = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        wanted = postgresql or not item.get_closest_marker("postgresql")
        if config.getoption("--only-database"):
            wanted = wanted and _depends_on_database(item)
        (kept if wanted else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def _depends_on_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database"):
        return False
    fixtures = getattr(item, "fixturenames", ())
    marked = any(map(item.get_closest_marker, ("django_db", "both_databases")))
    return marked or not _DATABASE_FIXTURES.isdisjoint(fixtures)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Let Django empty the table of events between tests, which nothing else may."""
    allow = {
        "postgresql": "ALTER TABLE jobs_event DISABLE TRIGGER jobs_event_keeps_all",
        "sqlite": "DROP TRIGGER jobs_event_keeps_each",
    }
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(allow[connection.vendor])
    yield
    if connection.vendor == "postgresql":
        # Heartbeats go on for as long as their process, and hold what is to be dropped.
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Give every test a store of its own: the folder in which its objects lie."""
    if getattr(request, "param", "disk") == "bucket":
        server: Nanio = request.getfixturevalue("nanio")
        name = server.create(f"test-{uuid.uuid4().hex}")
        location, default = server.folder(name), stores.bucket(server, name)
    else:
        location = tmp_path / "store"
        default = stores.disk(location)
    stores.asked_inside.clear()
    with stores.using(default):
        yield location
    assert stores.asked_inside == []


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    # Rate limits must not reach from one test into the next.
    cache.clear()


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads may share, with real commits.

    SQLite in memory refuses a second connection at once where a file makes it wait,
    so the tables of the test database are copied into a file.
    """
    in_memory: Any = connections["default"]
    if in_memory.vendor != "sqlite" or not in_memory.is_in_memory_db():
        yield
        return
    path = str(tmp_path / "db.sqlite3")
    in_memory.ensure_connection()
    target = sqlite3.connect(path)
    in_memory.connection.backup(target)
    # As `migrate` leaves it: threads that all switch it over at once are not made to wait.
    target.execute("PRAGMA journal_mode=WAL")
    target.close()
    # Every connection, of whatever thread, is opened from this one dictionary.
    name = in_memory.settings_dict["NAME"]
    in_memory.settings_dict["NAME"] = path
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        in_memory.settings_dict["NAME"] = name
        connections["default"] = in_memory


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A private server for tests that stop it or look into it from outside."""
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A broker for all tests of a process; those that harm one start their own."""
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def educator(db: None) -> User:
    return people.educator("mira@example.org")


@pytest.fixture
def colleague(db: None) -> User:
    return people.educator("noor@example.org")


@pytest.fixture
def student(db: None) -> User:
    return people.student("sam@example.org")
