"""Write the whole site into one file, or verify such a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from examgen.backup import making
from examgen.backup.checking import check
from examgen.backup.console import answering
from examgen.backup.errors import told
from examgen.backup.kinds import KINDS
from examgen.backup.progress import Progress, megabytes

# More names than this are counted only; the backup lists them all.
_NAMED = 10


class Command(BaseCommand):
    help = "Back up the database and every object it names, while the site runs."
    # A backup can be verified where there is no site.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="a new file, or a folder for one"
        )
        parser.add_argument(
            "--check", action="store_true", help="verify this file, and write nothing"
        )

    def handle(self, *, file: Path, check: bool, **_: Any) -> None:
        with answering():
            if check:
                self._check(file)
            else:
                self.check()
                self._make(file)

    def _make(self, file: Path) -> None:
        made = making.make(file, Progress(sys.stderr))
        self.stdout.write(
            f"{made.path}: {made.objects} objects, {megabytes(made.bytes)}, verified."
        )
        self._tell("table(s) of other programs left out", made.tables)
        self._tell("object(s) deleted while it was made", made.deleted)
        self._tell("object(s) that rows name and the store has lost", made.lost)
        self._tell("object(s) not as they were stored", made.differing)
        if made.lost or made.differing:
            raise CommandError(
                "The backup is kept, and cannot have what the store has not: see "
                "manage.py verify_invariants --read."
            )

    def _tell(self, what: str, names: Sequence[str]) -> None:
        if names:
            shown = ", ".join(names[:_NAMED])
            more = f" and {len(names) - _NAMED} more" if names[_NAMED:] else ""
            self.stderr.write(f"{len(names)} {what}: {shown}{more}")

    def _check(self, file: Path) -> None:
        with told():
            found = check(file, Progress(sys.stderr))
        manifest = found.manifest
        title = KINDS[manifest.database].title
        lacking = f", {found.missing} missing" if found.missing else ""
        self.stdout.write(
            f"{file}: whole. {title} as of {manifest.made_at}, {found.objects} objects"
            f"{lacking}, {megabytes(found.bytes)}."
        )
