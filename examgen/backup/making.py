"""Making a backup while the site runs.

The database is held still first. Objects are never overwritten, so those that it names
are still there afterwards, but for what somebody deleted meanwhile.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.db import connection

from examgen.backup import archive, checking, kinds
from examgen.backup.errors import BackupError, told
from examgen.backup.manifest import Manifest
from examgen.backup.progress import Progress
from exams.services import files, inventory
from exams.services.inventory import Named


@dataclass(slots=True)
class Made:
    """What a backup came to; lists are of names.

    `deleted` went while it was made, `lost` are named by a row and not in the store,
    `differing` are not as their row or the store says, `tables` are not this release's
    and were left out.
    """

    path: Path
    objects: int = 0
    bytes: int = 0
    deleted: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)


def make(target: Path, progress: Progress) -> Made:
    """Write a backup to a new file, or into a folder by a name of its own.

    Raises BackupError, and then leaves nothing behind.
    """
    if target.is_dir():
        target /= f"examgen-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise BackupError(f"{target} is there already, and nothing is overwritten.")
    made = Made(target)
    with told(), _scratch(target) as folder:
        whole = folder / "archive"
        with open(whole, "xb", opener=_for_the_owner) as file:
            writer = archive.Writer(file)
            with (folder / "names").open("w+", encoding="utf-8") as names:
                _add_database(writer, folder, names, made, progress)
                missing = _add_objects(writer, names, made, progress)
            told_of = "".join(f"{name}\n" for name in missing)
            writer.add_bytes(archive.MISSING, told_of.encode())
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        made.bytes = checking.check(whole, progress).bytes
        still = inventory.still_named(missing)
        made.lost = [name for name in missing if name in still]
        made.deleted = [name for name in missing if name not in still]
        whole.rename(target)
    return made


def _add_database(
    writer: archive.Writer,
    folder: Path,
    names: IO[str],
    made: Made,
    progress: Progress,
) -> None:
    with (
        progress.stage("Database") as stage,
        kinds.of_this_site().snapshot(folder) as snapshot,
    ):
        for one in snapshot.named():
            names.write(json.dumps(one) + "\n")
            made.objects += 1
        made.tables = snapshot.left_out()
        manifest = Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=snapshot.migrations(),
            tables=snapshot.tables(),
            objects=made.objects,
        )
        writer.add_bytes(archive.MANIFEST, manifest.to_bytes())
        for name, path in snapshot.parts():
            with path.open("rb") as part:
                size = path.stat().st_size
                writer.add(f"{archive.DATABASE}{name}", part, size, stage.moved)


def _add_objects(
    writer: archive.Writer, names: IO[str], made: Made, progress: Progress
) -> list[str]:
    """Add what the rows name and return what is not there."""
    missing = []
    names.seek(0)
    with progress.stage("Objects", made.objects) as stage:
        for line in names:
            told_of = Named(*json.loads(line))
            stage.done += 1
            try:
                source = files.open_object(told_of.name)
            except files.StoreFullError as error:
                # Nothing is written but what a bucket gives, on its way here.
                raise BackupError(
                    "The disk of temporary files is full: set TMPDIR to a larger one."
                ) from error
            except files.StoreError as error:
                if not isinstance(error.__cause__, FileNotFoundError):
                    raise
                missing.append(told_of.name)
                continue
            with source:
                size = source.seek(0, os.SEEK_END)
                source.seek(0)
                sha256 = writer.add(
                    f"{archive.OBJECTS}{told_of.name}", source, size, stage.moved
                )
            if not _is_as_told(told_of, size, sha256):
                made.differing.append(told_of.name)
    made.objects -= len(missing)
    return missing


def _is_as_told(told_of: Named, size: int, sha256: str) -> bool:
    """Compare with the row where it knows, else with what the store says it holds."""
    if told_of.sha256 is not None:
        return (told_of.size, told_of.sha256) == (size, sha256)
    try:
        return files.fingerprint(told_of.name) == (size, sha256)
    except files.StoreError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        # Deleted since it was read, so there is nothing left that could differ.
        return True


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """Lend a folder beside the file, which nobody else can enter, and remove it."""
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _for_the_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
