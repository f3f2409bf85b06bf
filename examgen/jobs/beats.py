"""Signs of life: each worker process keeps one row, and pages look at its age.

A thread of its own gives them, that does nothing else: neither a long job nor long
periodic work makes a worker look dead.
"""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from django.conf import settings
from django.db import connection

from examgen.jobs import rounds
from examgen.jobs.clock import now
from examgen.jobs.failures import Failures
from examgen.jobs.models import Beat
from examgen.jobs.stopping import StopFlag
from examgen.jobs.wiring import QUEUES

# A worker that ended without a word is forgotten after a day.
_FORGET = timedelta(days=1)


def worker_name(queue: str) -> str:
    """Name the worker in this process among all workers of all hosts."""
    return f"{queue}@{socket.gethostname()}:{os.getpid()}"


def keep(queue: str, stopping: StopFlag) -> None:
    """Say now and then that this worker lives, until it stops."""
    rounds.go(lambda: beat(queue), stopping, settings.JOB_BEAT_SECONDS)
    try:
        leave(queue)
    except Exception as error:  # noqa: BLE001 - told, with its place
        Failures().tell(error, "leaving_unsaid")
    finally:
        connection.close()


def beat(queue: str) -> None:
    """Say that this worker lives."""
    at = now()
    Beat.objects.update_or_create(
        worker=worker_name(queue), defaults={"queue": queue, "at": at}
    )
    Beat.objects.filter(at__lt=at - _FORGET).delete()


def leave(queue: str) -> None:
    """Say that this worker ends."""
    Beat.objects.filter(worker=worker_name(queue)).delete()


def is_alive(beat: Beat) -> bool:
    """Whether this worker has said so lately."""
    return beat.at >= now() - timedelta(seconds=3 * settings.JOB_BEAT_SECONDS)


def alive() -> dict[str, int]:
    """How many workers of each queue have said so lately."""
    heard = [beat.queue for beat in Beat.objects.all() if is_alive(beat)]
    return {queue: heard.count(queue) for queue in QUEUES}
