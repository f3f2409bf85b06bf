"""One prepared site, and a copy of it for every test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.site import Site

LECTURE = "computer-networks"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.processes)
            if sys.platform != "linux":
                item.add_marker(pytest.mark.skip(reason="looks at /proc"))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site without people."""
    site = Site(tmp_path_factory.mktemp("prepared"))
    done = site.manage("migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="session")
def prepared_with_lecture(
    prepared: Site, tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """A site where one lecture waits to be read."""
    site = prepared.copy(tmp_path_factory.mktemp("lecture") / "site")
    site.upload(LECTURE)
    return site


@pytest.fixture
def empty_site(prepared: Site, tmp_path: Path) -> Iterator[Site]:
    site = prepared.copy(tmp_path / "site")
    yield site
    site.close()


@pytest.fixture
def site(prepared_with_lecture: Site, tmp_path: Path) -> Iterator[Site]:
    site = prepared_with_lecture.copy(tmp_path / "site")
    yield site
    site.close()
