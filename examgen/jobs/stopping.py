"""The flag that tells a worker to stop."""

from __future__ import annotations

from time import monotonic, sleep

# A waiting thread looks at the flag this often.
_LOOK_SECONDS = 0.1


class StopFlag:
    """Set once, from any thread and from signal handlers.

    `threading.Event` takes a lock to be set: a handler that interrupts its own thread
    inside `wait()` would then wait for itself for ever.
    """

    def __init__(self) -> None:
        self._set = False

    def set(self) -> None:
        self._set = True

    def is_set(self) -> bool:
        return self._set

    def wait(self, seconds: float) -> bool:
        """Wait until the flag is set, at most this long; whether it is set."""
        deadline = monotonic() + seconds
        while not self._set and (left := deadline - monotonic()) > 0:
            sleep(min(left, _LOOK_SECONDS))
        return self._set
