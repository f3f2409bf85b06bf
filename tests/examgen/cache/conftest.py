"""A Redis that a test may harm, as the cache of the site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from examgen import cache as module
from tests.examgen.cache.outages import (
    LEFT_ALONE_SECONDS,
    bring_back,
)
from tests.examgen.waiting import wait_for
from tests.servers import Valkey


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey")
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _redis(valkey: Valkey, settings) -> Iterator[None]:
    settings.CACHES = {
        alias: {
            "BACKEND": f"examgen.cache.{backend}",
            "LOCATION": valkey.url,
            "KEY_PREFIX": f"examgen-{alias}",
            "OPTIONS": {"left_alone": LEFT_ALONE_SECONDS},
        }
        for alias, backend in (
            ("default", "LimitsCache"),
            ("pages", "PagesCache"),
        )
    }
    yield
    # Whoever still looks after Redis would do so until the tests end.
    bring_back(valkey)
    links = module._LINKS.values()
    wait_for(lambda: not any(link._away for link in links), "Redis trusted again")
    module._LINKS.clear()


@pytest.fixture
def limits() -> BaseCache:
    return caches["default"]


@pytest.fixture
def pages() -> BaseCache:
    return caches["pages"]


@pytest.fixture(params=["refused", "frozen"])
def outage(request, valkey: Valkey) -> str:
    """Whether the outage is one or the other; it begins when a test says so."""
    return str(request.param)
