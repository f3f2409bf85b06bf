"""Fixtures that every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from accounts.models import User
from tests.factories import people


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    """Give every test a store of its own."""
    location = tmp_path / "store"
    storages = {**settings.STORAGES, "default": _local(location)}
    with override_settings(STORAGES=storages):
        yield location


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    # Rate limits must not reach from one test into the next.
    cache.clear()


@pytest.fixture
def educator(db: None) -> User:
    return people.educator("mira@example.org")


@pytest.fixture
def colleague(db: None) -> User:
    return people.educator("noor@example.org")


@pytest.fixture
def student(db: None) -> User:
    return people.student("sam@example.org")


def _local(location: Path) -> dict[str, object]:
    return {
        "BACKEND": "examgen.disk.DiskStorage",
        "OPTIONS": {"location": location, "base_url": None},
    }
