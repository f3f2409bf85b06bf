"""`make run` as people start and stop it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.browser.site import ROOT, environment

DEADLINE_SECONDS = 120

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        not (ROOT / ".venv" / "core").exists(),
        reason="NOT RUN: the environment was not made by make",
    ),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(port: int, data: Path) -> subprocess.Popen[bytes]:
    """Start `make run` and return when it answers."""
    with (data / "site.log").open("ab") as log:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=ROOT,
            env=environment(data),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return process
        except OSError:
            time.sleep(0.05)
    raise AssertionError((data / "site.log").read_text()[-2000:])


def ours(data: Path) -> set[int]:
    """The processes that work on this data, found by their environment."""
    wanted = f"EXAMGEN_DATA={data}".encode()
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                variables = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted in variables:
                found.add(int(entry.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_make_stops_everything_and_a_second_start_does_no_work_again(
    tmp_path: Path, number: signal.Signals
) -> None:
    first = started(free_port(), tmp_path)
    collected = (tmp_path / "static" / ".collected").stat().st_mtime_ns
    first.send_signal(number)
    # Interrupted by Ctrl-C the whole foreground group is told; here make alone is, and
    # hands the signal on by waiting for the site, which it has become.
    if number == signal.SIGINT:
        for pid in ours(tmp_path) - {first.pid}:
            os.kill(pid, signal.SIGINT)
    first.wait(60)
    deadline = time.monotonic() + 30
    while ours(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ours(tmp_path) == set()

    second = started(free_port(), tmp_path)
    second.terminate()
    second.wait(60)
    assert (tmp_path / "static" / ".collected").stat().st_mtime_ns == collected
    log = (tmp_path / "site.log").read_text()
    assert log.count("Preparing the demo") == 1
    assert log.count("Demo ready.") == 1


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        tried = subprocess.run(
            ["make", "run", f"PORT={port}"],
            cwd=ROOT,
            env={**environment(tmp_path), "EXAMGEN_DEMO": "0"},
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
    assert tried.returncode != 0
    assert f"Port {port} is taken. Choose another: PORT={port + 1} make run" in (
        tried.stderr
    )
    assert "Traceback" not in tried.stderr
