"""Ordering a child, listening to it, and ending it, whatever the file does."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from exams.reading.document import ReadingError
from exams.reading.limits import Limits
from exams.reading.server import SERVER

_CHUNK = 1 << 16
_CODES = frozenset(
    {"too_large", "encrypted", "damaged", "no_pages", "too_many_pages", "too_complex"}
)
_PARAMS = frozenset({"page", "pages", "reason"})
_OUT_OF_TIME = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGPROF}
_OUT_OF_MEMORY = {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}
_LONGEST_ENDING, _SHORTEST = 10.0, 0.01


class Child:
    """One limited process working on one file; leaving the block ends it."""

    def __init__(
        self, command: str, path: Path, limits: Limits, **order: object
    ) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.wall_seconds
        self.returncode: int | None = None
        said = json.dumps({**asdict(limits), **order, "command": command}) + "\n"
        with path.open("rb") as file:
            self.answers, theirs = os.pipe()
            self.leash, its_end = socket.socketpair()
            with its_end, os.fdopen(theirs):
                fds = file.fileno(), theirs, its_end.fileno()
                SERVER.order(said.encode(), fds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def end(self) -> None:
        """Kill it unless it has ended, and wait for that."""
        if self.leash.fileno() < 0:
            return
        with contextlib.suppress(OSError):
            self.leash.shutdown(socket.SHUT_WR)
            self.wait(_LONGEST_ENDING)
        self.leash.close()
        os.close(self.answers)

    def wait(self, seconds: float) -> int:
        """How it ended, as `Popen.returncode` says it; `OSError` if nobody can tell."""
        if self.returncode is None:
            self.leash.settimeout(seconds)
            said = self.leash.recv(_CHUNK)
            if not said:
                raise ConnectionError("the server of children has gone")
            self.returncode = int(said)
        return self.returncode

    def messages(self) -> Iterator[dict[str, Any]]:
        """Each line as the object that it is; a `ReadingError` if it refuses or dies."""
        for line in self.lines():
            message = _parsed(line)
            if "error" in message:
                raise _refusal(message)
            yield message

    def lines(self) -> Iterator[bytes]:
        """Each line the child says; a `ReadingError` if it dies."""
        yield from self._heard()
        try:
            returncode = self.wait(max(self.deadline - time.monotonic(), _SHORTEST))
        except TimeoutError:
            returncode = -signal.SIGKILL
        if returncode in _OUT_OF_TIME:
            raise ReadingError("too_complex", reason="time")
        if returncode < 0:
            SERVER.retire()
        if returncode in _OUT_OF_MEMORY:
            raise ReadingError("too_complex", reason="memory")
        if returncode != 0:
            raise ReadingError("damaged")

    def _heard(self) -> Iterator[bytes]:
        received = 0
        pending: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(self.answers, selectors.EVENT_READ)
            while True:
                left = self.deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    self.end()
                    raise ReadingError("too_complex", reason="time")
                chunk = os.read(self.answers, _CHUNK)
                if not chunk:
                    return
                received += len(chunk)
                if received > self.limits.output_bytes:
                    self.end()
                    raise ReadingError("too_complex", reason="output")
                *complete, rest = chunk.split(b"\n")
                for part in complete:
                    yield b"".join([*pending, part])
                    pending = []
                pending.append(rest)


def _refusal(message: dict[str, Any]) -> ReadingError:
    """The child's own words, but only such as it may say."""
    code = message["error"] if message["error"] in _CODES else "damaged"
    params = {
        name: value
        for name, value in message.items()
        if name in _PARAMS and isinstance(value, (int, str))
    }
    return ReadingError(code, **params)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise ReadingError("damaged")
    return message
