"""Many threads that do something at the same moment, each with its own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

from tests.examgen.waiting import DEADLINE_SECONDS

T = TypeVar("T")


def together(works: Sequence[Callable[[], T]]) -> list[T]:
    """Start all of `works` at once; what they return, in their order."""
    start = threading.Barrier(len(works), timeout=DEADLINE_SECONDS)

    def one(work: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            start.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))
