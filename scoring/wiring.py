"""Who in this app listens to what. See docs/events.md."""

from __future__ import annotations

from examgen.jobs.wiring import Every, On

WIRING: list[On] = []
PERIODIC: list[Every] = []
