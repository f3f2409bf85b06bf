"""How long to leave alone what could not be closed, so that it does not fill the log."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

_LONGEST = 300.0
_FORGET_AFTER = 3600.0


class Patience:
    """In the memory of one process: a restart, or another process, tries at once.

    The first miss may be a race that was lost, so the next round tries again. From the
    second on the pause doubles, up to five minutes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # How often in a row each was missed, and from when on it is tried again.
        self._missed: dict[uuid.UUID, tuple[int, float]] = {}

    def is_due(self, row: uuid.UUID) -> bool:
        found = self._missed.get(row)
        return found is None or self._clock() >= found[1]

    def missed(self, row: uuid.UUID) -> None:
        at = self._clock()
        times = self._missed.get(row, (0, 0.0))[0] + 1
        pause = 0.0 if times == 1 else min(2.0 ** min(times, 10), _LONGEST)
        # What was due long ago has gone another way.
        kept = {
            name: (misses, since)
            for name, (misses, since) in self._missed.items()
            if since > at - _FORGET_AFTER
        }
        self._missed = {**kept, row: (times, at + pause)}

    def done(self, row: uuid.UUID) -> None:
        self._missed.pop(row, None)
