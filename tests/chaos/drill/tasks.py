from __future__ import annotations

import os
import random
import signal
import time
import uuid

from django.db import transaction

from examgen.jobs import bell
from examgen.jobs.events import record_about
from examgen.jobs.runner import Run
from tests.examgen.waiting import DEADLINE_SECONDS

LINGER_SECONDS = 6.0


def ask(number: str, name: str = "drill.asked") -> None:
    """Ask for so many jobs, all in one transaction."""
    with transaction.atomic():
        for _ in range(int(number)):
            record_about(name, "drill", uuid.uuid4())
    bell.flush(DEADLINE_SECONDS)


def work(run: Run) -> None:
    """Take a moment, then leave one mark."""
    run.progress("working")
    time.sleep(random.uniform(0.02, 0.08))
    with run.finish():
        record_about("drill.done", "drill", run.subject)


def linger(run: Run) -> None:
    """Take longer than a watchdog waits; see `LINGER_SECONDS`."""
    time.sleep(LINGER_SECONDS)
    with run.finish():
        record_about("drill.done", "drill", run.subject)


def hang_once(run: Run) -> None:
    """Hang, unless a worker was lost by that already."""
    if not run.job.lost_leases:
        time.sleep(3600)
    with run.finish():
        record_about("drill.done", "drill", run.subject)


def kill_worker(run: Run) -> None:
    """End the process that does this job, as running out of memory does."""
    os.kill(os.getpid(), signal.SIGKILL)


def tick() -> None:
    record_about("drill.ticked", "drill", uuid.uuid4())
