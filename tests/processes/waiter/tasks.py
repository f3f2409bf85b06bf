from __future__ import annotations

import os
import uuid

from django.conf import settings

from examgen.jobs.events import record_about
from examgen.jobs.runner import Run
from tests.examgen.waiting import wait_for


def call() -> None:
    """Give the waiter a job."""
    record_about("waiter.called", "waiter", uuid.uuid4())


def wait(run: Run) -> None:
    """Report once, wait without a word until this very process may go on, then end."""
    run.progress("waiting")
    wait_for((settings.DATA_DIR / f"go-{os.getpid()}").exists, "let go")
    with run.finish():
        record_about("waiter.left", "waiter", run.subject)
