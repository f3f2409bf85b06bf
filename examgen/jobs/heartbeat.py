"""One thread per process extends the leases of the jobs that run in it.

And it ends the process of a job that hangs: nothing else looks at a job whose worker
lives. That is safe wherever the job runs. What is not committed is undone, another
worker takes the job when its lease is over, and whoever started the process starts
another: Celery for a child, the supervisor for a worker, be it one that polls or a
parent that did the job itself.
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import structlog
from django.conf import settings
from django.db import connection

from examgen.jobs import claims

log = structlog.get_logger(__name__)

# "Try again", as the watchdog says it.
EXIT_CODE = os.EX_TEMPFAIL


@dataclass(frozen=True, slots=True)
class _Held:
    token: uuid.UUID
    # When the job counts as one that hangs, by the ticks of this host.
    until: float


_lock = threading.Lock()
_running: dict[uuid.UUID, _Held] = {}
_thread_of_pid: int | None = None


@contextmanager
def keep(job_id: uuid.UUID, token: uuid.UUID) -> Iterator[None]:
    """Keep the lease alive while the block runs, but not for ever."""
    held = _Held(token, monotonic() + settings.JOB_LIMIT_SECONDS)
    with _lock:
        _running[job_id] = held
        _start()
    try:
        yield
    finally:
        with _lock:
            _running.pop(job_id, None)


def _start() -> None:
    global _thread_of_pid  # noqa: PLW0603 - a forked child needs a thread of its own
    if _thread_of_pid != os.getpid():
        _thread_of_pid = os.getpid()
        threading.Thread(target=_beat, name="heartbeat", daemon=True).start()


def _forget() -> None:
    """Begin anew in a forked child: the lock may be held by a thread left behind."""
    global _lock  # noqa: PLW0603 - as above
    _lock = threading.Lock()
    _running.clear()


os.register_at_fork(after_in_child=_forget)


def _beat() -> None:
    wait = threading.Event()
    while True:
        wait.wait(settings.JOB_HEARTBEAT_SECONDS)
        with _lock:
            leases = list(_running.items())
        if not leases:
            # A worker without a job needs no second connection.
            connection.close()
        for job_id, held in leases:
            if monotonic() > held.until:
                _end(job_id)
            else:
                _extend(job_id, held.token)


def _end(job_id: uuid.UUID) -> None:
    log.critical("job_hangs", job=str(job_id))
    # Whatever hangs may hang an orderly end as well.
    os._exit(EXIT_CODE)


def _extend(job_id: uuid.UUID, token: uuid.UUID) -> None:
    try:
        claims.extend(job_id, token)
    except Exception:
        # The next beat tries again; a lease outlives several beats.
        log.warning("heartbeat_failed", job=str(job_id), exc_info=True)
        connection.close()
