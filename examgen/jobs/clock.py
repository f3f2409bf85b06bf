"""One clock for all hosts: the database's."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from django.db import connection

_REFRESH_SECONDS = 10.0

_lock = threading.Lock()
_offset = timedelta(0)
_measured_at = float("-inf")


def now() -> datetime:
    """Return the database's time, asked for at most every ten seconds.

    SQLite has no clock of its own: there the only host's clock is the database's.
    """
    if connection.vendor != "postgresql":
        return datetime.now(UTC)
    with _lock:
        if time.monotonic() - _measured_at > _REFRESH_SECONDS:
            _measure()
        return datetime.now(UTC) + _offset


def _measure() -> None:
    global _offset, _measured_at  # noqa: PLW0603 - one measurement per process
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    after = datetime.now(UTC)
    _offset = theirs - (before + (after - before) / 2)
    _measured_at = time.monotonic()
