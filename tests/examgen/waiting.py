"""Waiting for what other threads and processes do, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Far more than is ever needed: machines that run tests are busy.
DEADLINE_SECONDS = 60.0


def wait_for(
    ask: Callable[[], T],
    what: str,
    *,
    every: float = 0.01,
    seconds: float = DEADLINE_SECONDS,
) -> T:
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"After {seconds} s still not: {what}.")
        time.sleep(every)
    return answer
