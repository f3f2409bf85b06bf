"""What stands beside the jobs of a worker: threads that do something again and again."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable

from django.db import close_old_connections, connection

from examgen.jobs.failures import Failures
from examgen.jobs.stopping import StopFlag

# Whoever stops waits so long for the round under way.
_JOIN_SECONDS = 5.0


def go(work: Callable[[], object], stopping: StopFlag, seconds: float) -> None:
    """Work every so many seconds, with jitter, until the worker stops.

    Whatever goes wrong: nobody would miss a thread that ended.
    """
    failures = Failures()
    try:
        while not stopping.is_set():
            try:
                work()
            except Exception as error:  # noqa: BLE001 - told, with its place
                failures.tell(error, "round_failed")
            else:
                failures.over()
            close_old_connections()
            # Jitter keeps many workers from working in step.
            jitter = random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret
            stopping.wait(seconds * jitter)
    finally:
        connection.close()


def start(
    name: str, rounds: Callable[..., None], *arguments: object
) -> threading.Thread:
    """Let a thread go its rounds; it does not keep its process from ending."""
    thread = threading.Thread(target=rounds, args=arguments, name=name, daemon=True)
    thread.start()
    return thread


def join(threads: Iterable[threading.Thread]) -> None:
    """Wait for rounds that were told to stop, and not for long."""
    for thread in threads:
        thread.join(timeout=_JOIN_SECONDS)
