"""Saying what takes long, and running commands that must not fail in silence."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_LAST_WORDS = 6000


class StepError(Exception):
    """A command failed; the message holds its last words."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print the title at once and the seconds when it is done."""
    print(f"{title} ...", flush=True)
    began = time.monotonic()
    yield
    print(f"    {time.monotonic() - began:.1f} s", flush=True)


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    seconds: float = 600,
    check: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run to the end; what it said is in the result, or in the error."""
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if check and done.returncode:
        said = (done.stdout + done.stderr)[-_LAST_WORDS:]
        raise StepError(f"{' '.join(map(str, command))}: {done.returncode}\n{said}")
    return done


def complain(*lines: str) -> None:
    """Say something so that nobody overlooks it in a long log."""
    rule = "!" * 79
    print("\n".join([rule, *lines, rule]), file=sys.stderr, flush=True)
