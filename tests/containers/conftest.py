"""The composed site that `__main__` has started."""

from __future__ import annotations

import pytest

from tests.containers.stack import Stack, the_running_one


@pytest.fixture(scope="session")
def stack() -> Stack:
    return the_running_one()
