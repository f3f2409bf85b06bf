"""The process that children are forked from: `python -I forkserver.py`, socket on fd 0.

It has loaded the PDF libraries, which takes ten times as long as a fork, and never
opens a file itself, so each child begins as clean as a new process. It is started by
file path with an empty environment. A line of JSON orders a child, and carries the
child's file, the pipe that it answers in, and its leash: the child is killed when the
other end of the leash is closed, and how it ended is said there.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

Work = Callable[[dict[str, Any]], object]
Load = Callable[[str], object]

_CHUNK = 1 << 16
_FDS = 3
_MOST_FDS = 256


class Forkserver:
    """Forks a child per order, and has two ways to learn of an end: leash and signal."""

    def __init__(self, load: Load, work: Work, patience: float = 60.0) -> None:
        """`load` gets what an order needs ready before `work` does it in a child.

        Whoever orders nothing for `patience` seconds has a server no more.
        """
        self.load, self.work, self.patience = load, work, patience
        self.orders = socket.socket(fileno=0)
        self.leashes: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.orders, selectors.EVENT_READ, self.fork)
        wake, self.waker = os.pipe()
        for end in (wake, self.waker):
            os.set_blocking(end, False)
        self.selector.register(wake, selectors.EVENT_READ, self.reap)
        signal.set_wakeup_fd(self.waker)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Until nobody orders any more and the last child has ended."""
        while self.leashes or self.orders.fileno() >= 0:
            events = self.selector.select(None if self.leashes else self.patience)
            for key, _ in events:
                key.data(key.fileobj)
            if not events:
                # Orders that came before this are read still, and others are refused.
                self.orders.shutdown(socket.SHUT_RD)

    def fork(self, orders: socket.socket) -> None:
        said, fds = _received(orders)
        if not said:
            self.selector.unregister(orders)
            orders.close()
            return
        order = {**json.loads(said), "server": os.getpid()}
        self.load(order["command"])
        file, answers, leash = fds
        pid = os.fork()
        if pid == 0:
            self.be_the_child(order, file, answers)
        # By both, since nobody knows who comes first: the group is there to be killed.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        os.close(file)
        os.close(answers)
        self.leashes[pid] = socket.socket(fileno=leash)
        self.selector.register(
            leash, selectors.EVENT_READ, lambda fd: self.kill(pid, fd)
        )

    def be_the_child(self, order: dict[str, Any], file: int, answers: int) -> NoReturn:
        """Keep nothing of the server but its modules, and never return into it."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            os.dup2(file, 0)
            os.dup2(answers, 1)
            os.closerange(3, _MOST_FDS)
            self.work(order)
            sys.stdout.flush()
            status = 0
        finally:
            # Skip every destructor: the work is done, and PDFium's clean-up of a
            # hostile file is one more chance to hang.
            os._exit(status)

    def kill(self, pid: int, leash: int) -> None:
        if pid in self.leashes:  # it did not end a moment ago
            self.selector.unregister(leash)
            os.killpg(pid, signal.SIGKILL)

    def reap(self, wake: int) -> None:
        os.read(wake, _CHUNK)
        while self.leashes:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            leash = self.leashes.pop(pid)
            with contextlib.suppress(KeyError):
                self.selector.unregister(leash)
            with contextlib.suppress(OSError):
                leash.sendall(str(os.waitstatus_to_exitcode(status)).encode())
            leash.close()


def _received(orders: socket.socket) -> tuple[bytes, list[int]]:
    """A line and what came with it; nothing at the end."""
    said = b""
    fds: list[int] = []
    while not said.endswith(b"\n"):
        more, given, _, _ = socket.recv_fds(orders, _CHUNK, _FDS)
        if not more:
            return b"", []
        said, fds = said + more, fds + given
    return said, fds


def know_the_package() -> None:
    """Find modules beside this one, but not what the package brings for its users.

    That is the parent's side, and would take a third of the time a server needs to
    start. The path is made for these modules alone: nothing in the project may shadow
    the standard library.
    """
    folder = Path(__file__).resolve().parent
    for name, place in (("exams", folder.parent), ("exams.reading", folder)):
        package = ModuleType(name)
        package.__path__ = [str(place)]
        sys.modules[name] = package


if __name__ == "__main__":
    know_the_package()
    from exams.reading.child import load, work

    Forkserver(load, work).run()
