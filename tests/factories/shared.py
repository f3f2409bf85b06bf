"""Rows that several tests of a module look at: made once, gone after the module.

A test that asks for `db` as well gets a savepoint inside, so whatever it changes is
taken back before the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from tests.factories import stores


@contextmanager
def store(location: Path) -> Iterator[None]:
    """Use the store at this place."""
    with stores.using(stores.disk(location)):
        yield


@contextmanager
def rows(blocker: Any, location: Path) -> Iterator[None]:
    """Keep a transaction and a store open for a module-scoped fixture."""
    whole = transaction.atomic()
    # As Django marks its own: this one is the test's, no service opened it.
    whole._from_testcase = True
    with blocker.unblock(), store(location), whole:
        yield
        transaction.set_rollback(True)
