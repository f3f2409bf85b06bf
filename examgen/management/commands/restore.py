"""Fill an empty site from a backup."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from examgen.backup.console import answering
from examgen.backup.databases import outstanding
from examgen.backup.progress import Progress
from examgen.backup.restoring import restore


class Command(BaseCommand):
    help = "Restore a backup into a site without people, lectures and exams."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **_: Any) -> None:
        with answering():
            found = restore(file, Progress(sys.stderr))
        self.stdout.write(
            f"Restored {found.objects} objects and the database as of "
            f"{found.manifest.made_at}."
        )
        if found.missing:
            self.stderr.write(
                f"{found.missing} object(s) were gone when the backup was made; "
                "verify_invariants names their rows."
            )
        migrate = "manage.py migrate, then " if outstanding() else ""
        self.stdout.write(f"Next: {migrate}manage.py verify_invariants --read.")
