"""The bell: tells workers that a job is waiting. The job itself is in the database.

A ring may be lost and may come twice: neither loses nor doubles a job. So ringing never
waits for a broker and never fails: one thread per process does it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)

# Rings that wait while the broker hangs; more would only tell what the sweeper sees.
_MOST_WAITING = 1_000
# A broker that failed is left alone for so long. Meanwhile the sweeper finds the jobs.
_PAUSE_SECONDS = 5.0
# A short command waits this long for its rings to leave.
_FAREWELL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Ring:
    """One job is waiting: enough to wake the right worker."""

    job: uuid.UUID
    consumer: str
    queue: str


@dataclass(frozen=True, slots=True)
class Bell:
    """One way of waking workers, named in `settings.BELLS`.

    `send` wakes a worker and may raise or take its time; None where workers poll.
    `ask` raises when nobody could be woken now. `work` is what a worker process of one
    queue does until it is told to stop.
    """

    send: Callable[[Ring], None] | None
    ask: Callable[[], None]
    work: Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What became of the rings of this process."""

    sent: int = 0
    failed: int = 0
    # Not even tried, because the broker had just failed or too many were waiting.
    dropped: int = 0


def current() -> Bell:
    """The bell that `EXAMGEN_BELL` names."""
    bell: Bell = import_string(settings.BELLS[settings.EXAMGEN_BELL])
    return bell


def ring(ring: Ring) -> None:
    """Wake a worker for one job; never raises and never waits."""
    if current().send is not None:
        _ringer().put(ring)


def flush(seconds: float = _FAREWELL_SECONDS) -> bool:
    """Wait until all rings of this process have left; whether they have."""
    return _ringer().flush(seconds)


def tally() -> Tally:
    """The counts of this process since it started."""
    return _ringer().tally


class _Ringer:
    """Rings from a thread of its own: a frozen broker blocked an upload for 30 s."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._waiting: queue.Queue[Ring] = queue.Queue(_MOST_WAITING)
        self._paused_until = float("-inf")
        threading.Thread(target=self._run, name="bell", daemon=True).start()

    def put(self, ring: Ring) -> None:
        try:
            self._waiting.put_nowait(ring)
        except queue.Full:
            self.tally.dropped += 1

    def flush(self, seconds: float) -> bool:
        # `Queue.join()` with a limit of time.
        with self._waiting.all_tasks_done:
            return self._waiting.all_tasks_done.wait_for(
                lambda: not self._waiting.unfinished_tasks, seconds
            )

    def _run(self) -> None:
        while True:
            self._send(self._waiting.get())
            self._waiting.task_done()

    def _send(self, ring: Ring) -> None:
        if monotonic() < self._paused_until:
            self.tally.dropped += 1
            return
        try:
            send = current().send
            if send is not None:
                send(ring)
        except Exception as error:  # noqa: BLE001 - whatever a client library raises
            self.tally.failed += 1
            self._paused_until = monotonic() + _PAUSE_SECONDS
            # Without its text: it may name the broker's address and password.
            log.warning("bell_failed", error=type(error).__name__)
        else:
            self.tally.sent += 1


# One per process: a fork takes no threads along.
_ringers: dict[int, _Ringer] = {}


def _ringer() -> _Ringer:
    pid = os.getpid()
    if pid not in _ringers:
        _ringers[pid] = _Ringer()
    return _ringers[pid]


@atexit.register
def _say_farewell() -> None:
    with contextlib.suppress(KeyError):
        _ringers[os.getpid()].flush(_FAREWELL_SECONDS)
