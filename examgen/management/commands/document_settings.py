"""Write docs/configuration.md and docs/checks.md anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from examgen import reference
from examgen.settings.environment import BASE_DIR


class Command(BaseCommand):
    help = "Write docs/configuration.md and docs/checks.md from what the code declares."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        pages = {
            "configuration.md": reference.configuration,
            "checks.md": reference.checks,
        }
        for name, write in pages.items():
            (BASE_DIR / "docs" / name).write_text(write(), encoding="utf-8")
            self.stdout.write(f"docs/{name}")
