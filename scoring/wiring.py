"""Who in this app listens to what. See docs/events.md."""

from __future__ import annotations

from examgen.jobs.wiring import Every, On
from scoring import tasks

WIRING: list[On] = []
PERIODIC = [
    Every(2, tasks.close_expired, name="scoring.close_expired"),
]
