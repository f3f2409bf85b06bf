"""Run background jobs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import autoreload

from examgen import processes
from examgen.jobs import bell
from examgen.jobs.wiring import QUEUES


class Command(BaseCommand):
    help = "Run background jobs: one process per queue, or one queue in this process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", choices=QUEUES, help="only this queue, here")
        parser.add_argument(
            "--reload", action="store_true", help="restart when the code changes"
        )

    def handle(self, *, queue: str | None, reload: bool, **_: Any) -> None:
        if queue is None:
            extra = ["--reload"] if reload else []
            processes.Supervisor(processes.workers(*extra)).run()
        elif reload:
            autoreload.run_with_reloader(self._work, queue)
        else:
            self._work(queue)

    def _work(self, queue: str) -> None:
        bell.current().work(queue)
