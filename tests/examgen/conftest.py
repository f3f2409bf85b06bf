"""Wirings, bells and databases for the tests of jobs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from examgen.jobs import wiring
from examgen.jobs.wiring import Every, On
from tests.examgen.jobs import belfry
from tests.examgen.jobs.rows import nothing

Wire = Callable[..., None]


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Replace the site's wiring: `wire(On(...), On(...), periodic=[Every(...)])`."""

    def forget() -> None:
        wiring.consumers_of.cache_clear()
        wiring.consumer.cache_clear()

    with pytest.MonkeyPatch.context() as patch:

        def replace(*consumers: On, periodic: Sequence[Every] = ()) -> None:
            patch.setattr(wiring, "_read", lambda: (consumers, tuple(periodic)))
            forget()

        yield replace
    forget()


@pytest.fixture
def wired(wire: Wire, db: None) -> None:
    """One consumer, `tests.nothing`, of the event `tested`."""
    wire(On("tested", nothing, queue="fast"))


@pytest.fixture
def belfry_bell(settings) -> Iterator[None]:
    """The bell of `belfry`, where tests read what was rung."""
    belfry.clear()
    settings.BELLS = settings.BELLS | {"belfry": "tests.examgen.jobs.belfry.BELL"}
    settings.EXAMGEN_BELL = "belfry"
    yield
    belfry.clear()


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
