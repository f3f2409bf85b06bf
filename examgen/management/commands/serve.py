"""Run the whole site on this machine: web server and workers."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from examgen import processes


class Command(BaseCommand):
    help = "Run the web server and both workers; stop them all with Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--reload", action="store_true", help="restart when the code changes"
        )

    def handle(self, *, port: int, reload: bool, **_: Any) -> None:
        _require_free(port)
        self._introduce(port)
        extra = ["--reload"] if reload else []
        # Links in the demo's mails lead back to this very port.
        os.environ.setdefault("EXAMGEN_URL", f"http://127.0.0.1:{port}")
        web = processes.Child("web", _web(port, extra))
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


def _require_free(port: int) -> None:
    """Say at once that somebody else has the port, before anything is started."""
    with socket.socket() as probe:
        # As the server does it: a port that was just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken. Choose another: PORT={port + 1} make run"
            ) from error


def _web(port: int, extra: list[str]) -> list[str]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings")
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "examgen.wsgi:application",
        f"--bind=127.0.0.1:{port}",
        # One process with threads: SQLite and the in-process cache want no more.
        "--workers=1",
        "--threads=8",
        "--worker-class=gthread",
        "--graceful-timeout=10",
        "--log-level=warning",
        "--no-control-socket",
        *extra,
    ]
