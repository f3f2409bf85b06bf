"""Run background jobs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import autoreload

from examgen import probes, processes
from examgen.jobs import bell
from examgen.jobs.wiring import QUEUES
from examgen.jobs.worker import POLLING


class Command(BaseCommand):
    help = "Run background jobs: one process per queue, or one queue in this process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", choices=QUEUES, help="only this queue, here")
        parser.add_argument(
            "--reload", action="store_true", help="restart when the code changes"
        )

    def handle(self, *, queue: str | None, reload: bool, **_: Any) -> None:
        probes.require(self.stderr.write)
        if queue is None:
            extra = ["--reload"] if reload else []
            processes.Supervisor(processes.workers(*extra)).run()
        elif reload:
            # The reloader works in a thread, where Celery cannot. Whoever polls finds
            # the same jobs, rung or not.
            autoreload.run_with_reloader(POLLING.work, queue)
        else:
            bell.current().work(queue)
