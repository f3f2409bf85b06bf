"""Running the web server and the workers as children of one command.

Children that exit are started again; when the command is stopped, or killed, none of
them stays behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

# A child gets this long to finish what it is doing: the web server takes up to 25 s.
_GRACE_SECONDS = 30.0
# A child that dies at once is not started again in a tight loop.
_RESTART_SECONDS = 1.0


@dataclass(slots=True)
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = field(default=float("-inf"))


class Supervisor:
    """Starts children, restarts the ones that exit, stops all of them together."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stopping = False

    def run(self) -> None:
        """Block until SIGINT or SIGTERM, then stop the children and return."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                for child in self.children:
                    self._keep(child)
                time.sleep(0.1)
        finally:
            self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _keep(self, child: Child) -> None:
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            log.warning("child_ended", child=child.name, code=code)
            child.process = None
        if time.monotonic() - child.started_at < _RESTART_SECONDS:
            return
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603 - our own commands
            child.command,
            # Its own session: a Ctrl-C reaches us alone, and we stop it in order.
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509 - no threads
        )

    def _end(self) -> None:
        running = [c.process for c in self.children if c.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + _GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def die_with(parent: int) -> None:
    """End this process when the one that started it does, however that ends."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # It died before the call. Not "is 1": in a container that is a living parent.
    if os.getppid() != parent:
        os._exit(1)


def manage(*arguments: str) -> list[str]:
    """The command line of a management command in this environment."""
    return [sys.executable, sys.argv[0], *arguments]


def workers(*extra: str) -> list[Child]:
    """The two worker processes: a long generation never delays anything quick."""
    return [
        Child(f"worker-{queue}", manage("work", "--queue", queue, *extra))
        for queue in ("fast", "heavy")
    ]
