"""One prepared site, and a copy of it for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.processes.databases import Database, PostgreSQL, SQLite
from tests.processes.site import Site
from tests.servers import Postgres, Sink, Valkey

LECTURE = "computer-networks"


@pytest.fixture
def bell(request: pytest.FixtureRequest) -> dict[str, str]:
    """What the environment says of the bell, and the servers that this takes."""
    if getattr(request, "param", "none") == "none":
        return {}
    valkey: Valkey = request.getfixturevalue("valkey")
    # Rings of the test before mean nothing here.
    valkey.client.flushall()
    return {
        "EXAMGEN_BELL": "celery",
        "REDIS_URL": valkey.url,
        # The parent rings again and leaves the jobs to its children, who are to be tried.
        "EXAMGEN_JOB_OVERDUE": "3600",
    }


@pytest.fixture
def kind(request: pytest.FixtureRequest, bell: dict[str, str]) -> str:
    """The kind of database: SQLite, unless Celery or a mark asks for PostgreSQL."""
    return getattr(request, "param", "postgresql" if bell else "sqlite")


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that is told how to answer."""
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


class Prepared:
    """The sites that tests copy, each made when it is first asked for."""

    def __init__(
        self, folders: pytest.TempPathFactory, postgres: Callable[[], Postgres]
    ) -> None:
        self._folders = folders
        self._postgres = postgres
        self._made: dict[str, Site] = {}

    def empty(self, kind: str) -> Site:
        """A site without people."""
        if kind not in self._made:
            home = self._folders.mktemp(kind)
            site = Site(home, self._database(kind, home))
            done = site.manage("migrate", "--verbosity", "0")
            assert done.returncode == 0, done.stderr
            self._made[kind] = site
        return self._made[kind]

    def with_lecture(self, kind: str) -> Site:
        """A site where one lecture waits to be read."""
        name = f"{kind}-lecture"
        if name not in self._made:
            site = self.empty(kind).copy(self._folders.mktemp(name) / "site")
            site.upload(LECTURE)
            self._made[name] = site
        return self._made[name]

    def close(self) -> None:
        for site in self._made.values():
            site.close()

    def _database(self, kind: str, home: Path) -> Database:
        if kind == "sqlite":
            return SQLite(home)
        return PostgreSQL(self._postgres(), home.name)


@pytest.fixture(scope="session")
def prepared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prepared]:
    sites = Prepared(tmp_path_factory, lambda: request.getfixturevalue("postgres"))
    yield sites
    sites.close()


@pytest.fixture
def empty_site(
    prepared: Prepared, kind: str, bell: dict[str, str], tmp_path: Path
) -> Iterator[Site]:
    site = prepared.empty(kind).copy(tmp_path / "site")
    site.extra |= bell
    yield site
    site.close()


@pytest.fixture
def site(
    prepared: Prepared, kind: str, bell: dict[str, str], tmp_path: Path
) -> Iterator[Site]:
    site = prepared.with_lecture(kind).copy(tmp_path / "site")
    site.extra |= bell
    yield site
    site.close()


@pytest.fixture
def waiting_site(empty_site: Site) -> Site:
    """A site with a job that waits to be let go."""
    empty_site.settings = "tests.processes.settings"
    empty_site.call("tests.processes.waiter.tasks", "call")
    return empty_site
