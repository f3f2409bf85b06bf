"""Starting the web server: on its own, or beside the workers."""

from __future__ import annotations

import errno
import os
import socket
import sys
from dataclasses import dataclass, field

from django.conf import settings
from django.core.management.base import CommandError

from examgen.settings.addresses import NoPlaceError, place


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and with how many processes and threads."""

    bind: str
    workers: int = field(default_factory=lambda: settings.WEB_WORKERS)
    threads: int = field(default_factory=lambda: settings.WEB_THREADS)
    reload: bool = False

    def require_sense(self) -> None:
        """Refuse what cannot work, in the words of whoever asked for it."""
        if self.workers < 1 or self.threads < 1:
            raise CommandError(
                "EXAMGEN_WEB_WORKERS and EXAMGEN_WEB_THREADS (--workers, --threads) "
                "must be 1 or more."
            )
        if settings.SQLITE and self.workers > 1:
            raise CommandError(
                f"SQLite serves one web process, not {self.workers}: leave away "
                "EXAMGEN_WEB_WORKERS (--workers), or set DATABASE_URL to a PostgreSQL."
            )

    def require_free(self, cure: str) -> None:
        """Say at once that nobody can listen there, before anything is started."""
        host, port = self._address()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            # As the server does it: a port that was just left is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                taken = error.errno == errno.EADDRINUSE
                what = (
                    f"Port {port} is taken."
                    if taken
                    else f"Nobody can listen at {self.bind}: {error.strerror}."
                )
                raise CommandError(f"{what} {cure}") from error

    def _address(self) -> tuple[str, int]:
        try:
            host, port = place(self.bind)
        except NoPlaceError:
            host, port = "", None
        if not host or port is None:
            raise CommandError(
                f"{self.bind} is no address to listen at: --bind 127.0.0.1:8000"
            )
        return host, port

    @property
    def command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "gunicorn"),
            *("--config", "python:examgen.webserver"),
            f"--bind={self.bind}",
            f"--workers={self.workers}",
            f"--threads={self.threads}",
            *(["--reload"] if self.reload else []),
        ]


def hand_on_settings() -> None:
    """Put into the environment what the server itself needs of the settings.

    It loads none, so that every process loads its own, and a reload new ones.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings")
    os.environ["EXAMGEN_LOG_FORMAT"] = settings.LOG_FORMAT
    os.environ["EXAMGEN_LOG_LEVEL"] = settings.LOG_LEVEL
    os.environ["EXAMGEN_WEB_GRACE"] = str(settings.WEB_GRACE_SECONDS)
    os.environ["EXAMGEN_WEB_SILENCE"] = str(settings.WEB_SILENCE_SECONDS)
