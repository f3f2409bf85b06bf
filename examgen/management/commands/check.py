"""Django's check, which here asks the parts that run elsewhere as well."""

from __future__ import annotations

from typing import Any

from django.core.checks.registry import registry
from django.core.management.commands import check

from examgen.probes import PROBES


class Command(check.Command):
    help = "Check the settings and the code; ask the store, Redis and the mail server."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        # For this one run: other commands do without.
        for probe in PROBES:
            registry.register(probe, "probes")
        try:
            super().handle(*app_labels, **options)
        finally:
            registry.registered_checks.difference_update(PROBES)
