"""Restoring a backup into an empty site.

Objects first, then the database, whose rows are what makes a site of them: until that
last moment the site is empty, and whatever stops a restore it can be run again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path

from django.core.files.base import File
from django.db import connection

from examgen.backup import archive, checking, emptiness, kinds
from examgen.backup.archive import CHUNK, Entry
from examgen.backup.checking import Found
from examgen.backup.databases import require_known
from examgen.backup.errors import BackupError, told
from examgen.backup.manifest import Manifest
from examgen.backup.progress import Progress
from exams.services import files

# What a process that could not end its writing leaves on a disk.
_PASSING = re.compile(r"\.[0-9a-f]{32}\.part$")
_GO_ON = "Run it again: what is in the store by then is kept."


def restore(path: Path, progress: Progress) -> Found:
    """Fill this site from a backup; raises BackupError, with the site as empty as before.

    The objects of a restore that was cut short may be there, and are kept if they are
    those of this very backup.
    """
    with told():
        manifest = checking.read_manifest(path)
        _require_fitting(manifest)
        emptiness.require_empty_database()
        present = {found.name for found in files.listed("u/")}
        passing = {name for name in present if _PASSING.search(name)}
        strange = present - passing
        found = checking.check(path, progress, strange.discard)
        if strange:
            raise BackupError(
                f"The store is not empty: {min(strange)} is not of this backup. "
                f"{emptiness.CURE}"
            )
        try:
            with told():
                files.remove(passing)
                _restore_objects(path, present, found.objects, progress)
        except BackupError as error:
            raise BackupError(f"{error} {_GO_ON}") from error
        with progress.stage("Database"), archive.opened(path) as entries:
            kinds.of_this_site().restore(manifest, _database(entries))
    return found


def _require_fitting(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        here, there = (
            kinds.KINDS[vendor].title if vendor in kinds.KINDS else vendor
            for vendor in (connection.vendor, manifest.database)
        )
        raise BackupError(
            f"The backup is of {there}, and DATABASE_URL names {here}: "
            "name an empty database of the same kind."
        )
    require_known(manifest.migrations)


def _restore_objects(
    path: Path, present: set[str], total: int, progress: Progress
) -> None:
    with (
        progress.stage("Objects", total) as stage,
        archive.opened(path) as entries,
    ):
        for entry in entries:
            if entry.name.startswith(archive.OBJECTS):
                name = entry.name.removeprefix(archive.OBJECTS)
                _keep(name, entry, is_there=name in present)
                stage.done += 1
                stage.moved(entry.size)


def _keep(name: str, entry: Entry, *, is_there: bool) -> None:
    digest = hashlib.sha256()
    while chunk := entry.content.read(CHUNK):
        digest.update(chunk)
    sha256 = digest.hexdigest()
    if not is_there:
        entry.content.seek(0)
        files.keep(name, File(entry.content, name), size=entry.size, sha256=sha256)
    elif files.fingerprint(name) != (entry.size, sha256):
        raise BackupError(f"The store has another {name}: remove it.")


def _database(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The parts of the database, which stand together at the beginning."""
    rest = (entry for entry in entries if entry.name != archive.MANIFEST)
    return takewhile(lambda entry: entry.name.startswith(archive.DATABASE), rest)
