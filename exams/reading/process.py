"""Starting the child, listening to it, and ending it, whatever the file does."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from exams.reading.document import ReadingError
from exams.reading.limits import Limits

CHILD = Path(__file__).with_name("child.py")
_CHUNK = 1 << 16
_CODES = frozenset(
    {"too_large", "encrypted", "damaged", "no_pages", "too_many_pages", "too_complex"}
)
_PARAMS = frozenset({"page", "pages", "reason"})
_OUT_OF_TIME = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGPROF}
_OUT_OF_MEMORY = {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}


class Child:
    """One limited process working on one file; leaving the block ends it."""

    def __init__(
        self, command: str, path: Path, limits: Limits, **order: object
    ) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.wall_seconds
        said = json.dumps({**asdict(limits), **order, "parent": os.getpid()})
        with path.open("rb") as file:
            self.process = subprocess.Popen(  # noqa: S603 - our own file, no shell
                [sys.executable, "-I", "-B", str(CHILD), command, said],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                start_new_session=True,
            )

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
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

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
        returncode = self.process.wait()
        if returncode in _OUT_OF_TIME:
            raise ReadingError("too_complex", reason="time")
        if returncode in _OUT_OF_MEMORY:
            raise ReadingError("too_complex", reason="memory")
        if returncode != 0:
            raise ReadingError("damaged")

    def _heard(self) -> Iterator[bytes]:
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        received = 0
        pending: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while True:
                left = self.deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    self.end()
                    raise ReadingError("too_complex", reason="time")
                chunk = os.read(pipe, _CHUNK)
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
