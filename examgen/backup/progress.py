"""How far a long command is, on a terminal and nowhere else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

# Seconds: what is done sooner needs no progress, and how often it is told after that.
_PATIENCE = 1.0
_EVERY = 0.5
_CLEAR = "\r\x1b[K"


class Output(Protocol):
    """A stream of text, as far as progress needs one."""

    def write(self, text: str, /) -> object: ...

    def flush(self) -> None: ...

    def isatty(self) -> bool: ...


@dataclass(slots=True)
class Stage:
    """One piece of work: things done of `total`, if that is known, and bytes moved."""

    name: str
    total: int = 0
    done: int = 0
    bytes: int = 0

    def moved(self, count: int) -> None:
        self.bytes += count

    def told(self, seconds: float) -> str:
        of = f" {self.done} of {self.total}," if self.total else ""
        return f"{self.name}:{of} {megabytes(self.bytes)}, {seconds:.0f} s"


class Progress:
    """Tells of one stage after the other, by a thread, so that a long step shows too."""

    def __init__(self, output: Output) -> None:
        self._output = output

    @contextmanager
    def stage(self, name: str, total: int = 0) -> Iterator[Stage]:
        stage = Stage(name, total)
        if not self._output.isatty():
            yield stage
            return
        ended = threading.Event()
        teller = threading.Thread(target=self._tell, args=(stage, ended), daemon=True)
        teller.start()
        try:
            yield stage
        finally:
            ended.set()
            teller.join()

    def _tell(self, stage: Stage, ended: threading.Event) -> None:
        began = time.monotonic()
        if ended.wait(_PATIENCE):
            return
        while True:
            self._write(f"{_CLEAR}{stage.told(time.monotonic() - began)}")
            if ended.wait(_EVERY):
                break
        self._write(_CLEAR)

    def _write(self, text: str) -> None:
        self._output.write(text)
        self._output.flush()


def megabytes(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1e6:.1f} MB"
