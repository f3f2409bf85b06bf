"""Run the whole site on this machine: web server and workers."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from examgen import probes, processes, serving


class Command(BaseCommand):
    help = "Run the web server and both workers; stop them all with Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--reload", action="store_true", help="restart when the code changes"
        )

    def handle(self, *, port: int, reload: bool, **_: Any) -> None:
        server = serving.Server(f"127.0.0.1:{port}", reload=reload)
        server.require_sense()
        server.require_free(f"Choose another: PORT={port + 1} make run")
        probes.require(self.stderr.write)
        self._introduce(port)
        serving.hand_on_settings()
        extra = ["--reload"] if reload else []
        # Links in the demo's mails lead back to this very port.
        os.environ.setdefault("EXAMGEN_URL", f"http://127.0.0.1:{port}")
        web = processes.Child("web", server.command)
        processes.Supervisor([web, *processes.workers(*extra)]).run()
        self.stdout.write("Stopped.")

    def _introduce(self, port: int) -> None:
        self.stdout.write(f"\n  Examgen runs at http://127.0.0.1:{port}/\n")
        if settings.DEMO:
            self.stdout.write(
                "  Sign in as educator@example.com, password examgen-demo\n"
                f"  Mails appear at http://127.0.0.1:{port}/demo/mailbox/\n"
            )
        self.stdout.write("  Stop with Ctrl-C.\n\n")
        self.stdout.flush()
