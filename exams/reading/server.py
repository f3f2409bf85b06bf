"""The worker's side of the forkserver: one per process, started when first needed.

It ends with its worker, whose end of the socket is the only one, and after a minute
without orders. After a crash of a
child another one takes its place: children share the layout of the server's memory,
and whoever attacks it must not try twice against the same.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

FORKSERVER = Path(__file__).with_name("forkserver.py")


class Server:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.orders: socket.socket | None = None
        self.processes: list[subprocess.Popen[bytes]] = []

    def order(self, said: bytes, fds: Sequence[int]) -> None:
        """Have a child made by a line of JSON and its file, its pipe and its leash."""
        with self.lock:
            try:
                socket.send_fds(self.started(), [said], fds)
            except ConnectionError:  # it had nothing to do, or somebody ended it
                self.leave()
                socket.send_fds(self.started(), [said], fds)

    def started(self) -> socket.socket:
        if self.orders is None:
            self.processes = [one for one in self.processes if one.poll() is None]
            self.orders, theirs = socket.socketpair()
            with theirs:
                self.processes.append(
                    subprocess.Popen(  # noqa: S603 - our own file, no shell
                        [sys.executable, "-I", "-B", str(FORKSERVER)],
                        stdin=theirs.fileno(),
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        env={},
                        start_new_session=True,
                    )
                )
        return self.orders

    def leave(self) -> None:
        if self.orders is not None:
            self.orders.close()
            self.orders = None

    def retire(self) -> None:
        """Order no more from this one, which ends when its last child has."""
        with self.lock:
            self.leave()

    def end(self) -> None:
        """The same, and wait for that."""
        self.retire()
        for process in self.processes:
            process.wait()
        self.processes.clear()

    def forget(self) -> None:
        """After a fork of this process, whose parent goes on with the server."""
        self.leave()
        self.lock = threading.Lock()
        self.processes = []


SERVER = Server()
atexit.register(SERVER.end)
os.register_at_fork(after_in_child=SERVER.forget)
