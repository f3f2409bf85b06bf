"""The whole product as its users start it, in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "examgen-demo"
_START_SECONDS = 120


@dataclass(frozen=True)
class Site:
    """A running demo site; `data` holds its database, store and mails."""

    url: str
    data: Path
    log: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command against the same data."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**environment(self.data), **self.extra},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def environment(data: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("EXAMGEN_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {
        **kept,
        "EXAMGEN_DATA": str(data),
        "EXAMGEN_DEMO": "1",
        "EXAMGEN_SECRET_KEY": "browser-tests-only-" * 4,
        "EXAMGEN_JOB_POLL": "0.1",
    }


@contextmanager
def running(data: Path, **extra: str) -> Iterator[Site]:
    """Start the site, yield it when it answers, stop it and all its children."""
    port = _free_port()
    site = Site(f"http://127.0.0.1:{port}", data, data / "site.log", extra)
    data.mkdir(parents=True, exist_ok=True)
    with site.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "examgen.start", "--port", str(port)],
            cwd=ROOT,
            env=environment(data) | extra,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(site, process)
            yield site
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait_until_ready(site: Site, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{site.url}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The site did not start:\n{site.log.read_text()[-4000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
