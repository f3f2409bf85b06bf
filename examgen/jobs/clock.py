"""One clock for all hosts: the database's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

_REFRESH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the database's clock said, and when that was by the ticks of this host."""

    time: datetime
    ticks: float


# Replaced as a whole and never locked: threads that read it at the same moment merely
# measure twice, and a process forked at that moment waits for nobody.
_reading: _Reading | None = None

# How long ago it is for whoever tells a demo's past; no time at all for anybody else.
_ago: ContextVar[timedelta] = ContextVar("ago", default=timedelta(0))


def now() -> datetime:
    """Return the database's time, asked for at most every ten seconds.

    Between, it is counted by the host's ticks, which no setting of its clock touches.
    SQLite has no clock of its own: there the only host's clock is the database's.
    """
    if connection.vendor != "postgresql":
        return datetime.now(UTC) - _ago.get()
    reading = _reading
    if reading is None or time.monotonic() - reading.ticks > _REFRESH_SECONDS:
        reading = _read_again(reading)
    passed = timedelta(seconds=time.monotonic() - reading.ticks)
    return reading.time + passed - _ago.get()


@contextmanager
def set_back(to: datetime) -> Iterator[None]:
    """Let it be that moment again for what this thread does inside.

    Only a demo has a past that nobody lived through. Its services then do what they
    did on that day, and no row is written that a service would not write.
    """
    if not settings.DEMO:
        raise RuntimeError("Only a demo may tell of a past.")
    token = _ago.set(_ago.get() + (now() - to))
    try:
        yield
    finally:
        _ago.reset(token)


def _read_again(last: _Reading | None) -> _Reading:
    """Ask the database; in a transaction that has failed it answers nothing."""
    global _reading  # noqa: PLW0603 - one reading per process
    if last is not None and _transaction_has_failed():
        return last
    before = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    after = time.monotonic()
    # The answer was true about half-way between question and arrival.
    _reading = _Reading(theirs, (before + after) / 2)
    return _reading


def _transaction_has_failed() -> bool:
    if connection.needs_rollback:
        return True
    driver = connection.connection
    # By name: a small site has no driver.
    return driver is not None and driver.info.transaction_status.name == "INERROR"
