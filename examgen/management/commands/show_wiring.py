"""Print who listens to what."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from examgen.jobs.wiring import periodic, wiring


class Command(BaseCommand):
    help = "Print every event with its consumers and queues, and the periodic work."

    def handle(self, **_: Any) -> None:
        for on in sorted(wiring(), key=lambda on: (on.event, on.name)):
            together = ", coalesced" if on.coalesce else ""
            self.stdout.write(f"{on.event:20} -> {on.name} ({on.queue}{together})")
        for every in periodic():
            self.stdout.write(f"{f'every {every.seconds} s':20} -> {every.name}")
