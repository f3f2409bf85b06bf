"""Rows that several tests of a module look at: made once, gone after the module.

A test that asks for `db` as well gets a savepoint inside, so whatever it changes is
taken back before the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import override_settings


@contextmanager
def store(location: Path) -> Iterator[None]:
    """Use the store at this place."""
    default = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": location, "base_url": None},
    }
    with override_settings(STORAGES={**settings.STORAGES, "default": default}):
        yield


@contextmanager
def rows(blocker: Any, location: Path) -> Iterator[None]:
    """Keep a transaction and a store open for a module-scoped fixture."""
    with blocker.unblock(), store(location), transaction.atomic():
        yield
        transaction.set_rollback(True)
