"""Real processes are started here, on one prepared site and copies of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.processes.fixtures import (
    bell,
    empty_site,
    kind,
    prepared,
    sink,
    site,
    waiting_site,
)

# What pytest is to find here.
__all__ = ["bell", "empty_site", "kind", "prepared", "sink", "site", "waiting_site"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.processes)
            if sys.platform != "linux":
                item.add_marker(pytest.mark.skip(reason="looks at /proc"))
