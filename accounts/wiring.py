"""Nobody in this app listens to events yet."""

from __future__ import annotations

from examgen.jobs.wiring import On

WIRING: list[On] = []
