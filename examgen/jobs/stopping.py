"""The flag that tells a worker to stop."""

from __future__ import annotations

import mmap
from time import monotonic, sleep

# A waiting thread looks at the flag this often.
_LOOK_SECONDS = 0.1


class StopFlag:
    """Set once, from any thread and from signal handlers; forked children see it.

    `threading.Event` takes a lock to be set: a handler that interrupts its own thread
    inside `wait()` would then wait for itself for ever. Shared memory needs no lock,
    and tells the children of a worker as well.
    """

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 1)

    def set(self) -> None:
        self._shared[0] = 1

    def is_set(self) -> bool:
        return bool(self._shared[0])

    def wait(self, seconds: float) -> bool:
        """Wait until the flag is set, at most this long; whether it is set."""
        deadline = monotonic() + seconds
        while not self.is_set() and (left := deadline - monotonic()) > 0:
            sleep(min(left, _LOOK_SECONDS))
        return self.is_set()
