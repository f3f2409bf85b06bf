"""Sites and servers that are ill-treated, and what must be true of them afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.fixtures import (
    Prepared,
    bell,
    empty_site,
    kind,
    prepared,
    site,
)
from tests.processes.site import Site
from tests.servers import Valkey

# What pytest is to find here.
__all__ = ["bell", "empty_site", "kind", "prepared", "site"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.processes)
            if not item.get_closest_marker("chaos"):
                item.add_marker(pytest.mark.chaos)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Valkey]:
    """A broker that a test may harm."""
    server = Valkey(tmp_path / "broker")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def rung_site(prepared: Prepared, broker: Valkey, tmp_path: Path) -> Iterator[Site]:
    """A site whose broker may be harmed."""
    site = prepared.empty("postgresql").copy(tmp_path / "site")
    site.extra |= {
        "EXAMGEN_BELL": "celery",
        "REDIS_URL": broker.url,
        # What was not heard is done by the parent, and soon.
        "EXAMGEN_JOB_OVERDUE": "1",
    }
    site.settings = "tests.chaos.settings"
    yield site
    site.close()


@pytest.fixture
def drill_site(empty_site: Site) -> Site:
    """A site with the app `drill`."""
    empty_site.settings = "tests.chaos.settings"
    return empty_site
