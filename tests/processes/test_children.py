"""How children are started again and ended, without a site."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.examgen.waiting import wait_for
from tests.processes.site import ROOT, descendants, wait_until_gone

SUPERVISE = """
import sys
from examgen import processes
processes._GRACE_SECONDS = 0.5
processes._RESTART_SECONDS = 0.2
command = [sys.executable, "-c", sys.argv[1], *sys.argv[2:]]
processes.Supervisor([processes.Child("child", command)]).run()
"""
STUBBORN = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""
SHORT_LIVED = """
import sys, time
with open(sys.argv[1], "a") as file:
    file.write(f"{time.monotonic()}\\n")
sys.exit(3)
"""


@contextmanager
def supervised(code: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A supervisor of one Python process."""
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, code, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield supervisor
    finally:
        supervisor.kill()
        supervisor.wait()


def test_a_child_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with supervised(STUBBORN, str(ready)) as supervisor:
        wait_for(ready.exists, "the child")
        (child,) = descendants(supervisor.pid)
        supervisor.terminate()
        assert supervisor.wait(30) == 0
    wait_until_gone([child])


def test_a_child_that_ends_is_started_again_after_a_while(tmp_path: Path) -> None:
    starts = tmp_path / "starts"

    def moments() -> list[float]:
        lines = starts.read_text().splitlines() if starts.exists() else []
        return [float(line) for line in lines]

    with supervised(SHORT_LIVED, str(starts)) as supervisor:
        wait_for(lambda: len(moments()) >= 4, "four starts")
        supervisor.terminate()
        assert supervisor.wait(30) == 0
    seen = moments()
    # Three waits of at least 0.2 s lie between four starts, however slow the machine.
    assert seen[3] - seen[0] > 0.4
