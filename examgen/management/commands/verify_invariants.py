"""Check everything that must always hold, and name the rows where it does not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from examgen.jobs import invariants as jobs
from exams import invariants as exams
from exams.services.files import StoreError
from notifications import invariants as notifications
from scoring import invariants as scoring

INVARIANTS = (
    *jobs.INVARIANTS,
    *exams.INVARIANTS,
    *scoring.INVARIANTS,
    *notifications.INVARIANTS,
)
THOROUGH = (*INVARIANTS, *exams.THOROUGH)


class Command(BaseCommand):
    help = "Check the invariants; exits with 1 and names the rows when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--read",
            action="store_true",
            help="read every lecture from the store, and believe no checksum of a bucket",
        )

    def handle(self, *, read: bool, **_: Any) -> None:
        broken = 0
        for invariant in THOROUGH if read else INVARIANTS:
            try:
                found = list(invariant())
            except StoreError as error:
                raise CommandError(
                    f"{invariant.__name__}: not checked: the store does not answer "
                    f"({error.__cause__})."
                ) from error
            broken += len(found)
            verdict = f"{len(found)} broken" if found else "holds"
            self.stdout.write(f"{invariant.__name__}: {verdict}")
            for violation in found:
                self.stderr.write(f"  {violation.row}: {violation.problem}")
        if broken:
            raise CommandError(f"Broken rows: {broken}.")
