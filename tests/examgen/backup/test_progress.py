"""A terminal is told how far it is, once that takes over a second; a file never."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from io import StringIO
from typing import IO

import pytest

from examgen.backup.progress import Progress, Stage


@pytest.fixture
def terminal() -> Iterator[tuple[int, IO[str]]]:
    """A pseudo-terminal: what somebody sees, and the stream that is written to."""
    seen, written = os.openpty()
    os.set_blocking(seen, False)
    with os.fdopen(written, "w") as stream:
        yield seen, stream
    os.close(seen)


def test_a_slow_stage_is_told_and_cleared(terminal: tuple[int, IO[str]]) -> None:
    seen, stream = terminal
    with Progress(stream).stage("Objects", 40) as stage:
        stage.done = 3
        stage.moved(1_500_000)
        time.sleep(1.2)
    said = os.read(seen, 1000).decode()
    assert said.startswith("\r\x1b[KObjects: 3 of 40, 1.5 MB, 1 s")
    assert said.endswith("\r\x1b[K")


def test_a_quick_stage_says_nothing(terminal: tuple[int, IO[str]]) -> None:
    seen, stream = terminal
    with Progress(stream).stage("Objects", 40):
        pass
    with pytest.raises(BlockingIOError):
        os.read(seen, 1000)


def test_a_file_is_told_nothing() -> None:
    stream = StringIO()
    with Progress(stream).stage("Objects", 40):
        time.sleep(1.2)
    assert stream.getvalue() == ""


def test_a_stage_without_a_number_of_things_tells_bytes_and_time() -> None:
    stage = Stage("Database", bytes=2_000_000)
    assert stage.told(7.4) == "Database: 2.0 MB, 7 s"
