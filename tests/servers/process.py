"""One server process that tests may stop, freeze and kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_START_SECONDS = 30.0
_STOP_SECONDS = 20.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """A server that runs from `start()` to `stop()` and keeps its port between."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        port: int,
        home: Path,
        ready: Callable[[], bool],
        user: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.command = [str(part) for part in command]
        self.port = port
        self.log = home / f"{Path(self.command[0]).name}.log"
        self._ready = ready
        self._user = user
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    def runs(self) -> bool:
        """Whether it was started and has not ended; frozen it still runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A Ctrl-C of the person who runs the tests is not the server's.
                start_new_session=True,
                user=self._user,
                group=self._user,
                env=self._environment,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._ready():
                return
            time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"{self.command[0]} did not start:\n{self._said()}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, insist if it does not; fine when it has ended already."""
        if self._process is None:
            return
        self.thaw()
        with suppress(ProcessLookupError):
            self._process.send_signal(number)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Let it hang: it accepts connections and says nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)

    def _said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


def accepts(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
