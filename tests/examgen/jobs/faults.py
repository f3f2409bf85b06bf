"""A database that is away for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

Failures = list[type[Exception]]


@contextmanager
def failing_database(error: type[Exception], *, times: int) -> Iterator[Failures]:
    """Let the next statements of this thread fail; yields the failures so far."""
    failed: Failures = []
    with connection.execute_wrapper(_failing(error, times, failed)):
        yield failed


@contextmanager
def failing_thread(
    name: str, error: type[Exception], *, times: int
) -> Iterator[Failures]:
    """Let the first statements of a thread that is yet to connect fail."""
    failed: Failures = []
    fail = _failing(error, times, failed)

    # Takes `connection` from the signal, which hides the one of this module.
    def connected(connection: BaseDatabaseWrapper, **_: Any) -> None:
        if threading.current_thread().name == name:
            connection.execute_wrappers.append(fail)

    connection_created.connect(connected)
    try:
        yield failed
    finally:
        connection_created.disconnect(connected)


def _failing(
    error: type[Exception], times: int, failed: Failures
) -> Callable[..., Any]:
    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if len(failed) < times:
            failed.append(error)
            raise error
        return execute(sql, params, many, context)

    return fail
