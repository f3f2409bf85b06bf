"""Not waiting again for what just did not answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from time import monotonic


@dataclass
class Breaker:
    """Closed while all is well; after silence open for `rest` seconds.

    Then one caller at a time may try, and has `trial` seconds for it; the others are
    still turned away. Without this one frozen part would hold every thread of a web
    process, page after page.
    """

    rest: float
    trial: float
    _open_until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def admits(self) -> bool:
        with self._lock:
            if not self._open_until:
                return True
            at = monotonic()
            if at < self._open_until:
                return False
            self._open_until = at + self.trial
            return True

    def heard(self) -> None:
        with self._lock:
            self._open_until = 0.0

    def silent(self) -> None:
        with self._lock:
            self._open_until = monotonic() + self.rest
