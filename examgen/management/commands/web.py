"""Run the web server alone, in the foreground."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from examgen import probes, serving


class Command(BaseCommand):
    help = "Run the web server; told to stop, it lets requests in flight end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
        parser.add_argument("--workers", type=int, default=settings.WEB_WORKERS)
        parser.add_argument("--threads", type=int, default=settings.WEB_THREADS)
        parser.add_argument(
            "--reload", action="store_true", help="restart when the code changes"
        )

    def handle(
        self, *, bind: str, workers: int, threads: int, reload: bool, **_: Any
    ) -> None:
        server = serving.Server(bind, workers, threads, reload)
        server.require_sense()
        server.require_free("Choose another with --bind HOST:PORT.")
        probes.require(self.stderr.write)
        serving.hand_on_settings()
        connections.close_all()
        # This process becomes the server, so whoever started it stops the server.
        os.execv(sys.executable, server.command)  # noqa: S606 - no shell is needed
