"""Reading a backup from its first byte to its last, without restoring it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from examgen.backup import archive
from examgen.backup.errors import BackupError
from examgen.backup.manifest import Manifest
from examgen.backup.progress import Progress


@dataclass(slots=True)
class Found:
    """What a whole backup holds; `bytes` are those of the file."""

    manifest: Manifest
    bytes: int
    objects: int = 0
    missing: int = 0


def read_manifest(path: Path) -> Manifest:
    """Read the first entry alone."""
    with archive.opened(path) as entries:
        first = next(entries, None)
        if first is None or first.name != archive.MANIFEST:
            raise BackupError(f"{path} is no backup: it does not begin as one.")
        return Manifest.from_bytes(first.content.read())


def check(
    path: Path, progress: Progress, seen: Callable[[str], object] = lambda _: None
) -> Found:
    """Compare every entry with its SHA-256 and the manifest; BackupError if one differs.

    `seen` is told the name of every object.
    """
    found = Found(read_manifest(path), path.stat().st_size)
    tables = 0
    with progress.stage("Checking") as stage:
        for entry in archive.verified(path, stage.moved):
            if entry.name.startswith(archive.OBJECTS):
                found.objects += 1
                seen(entry.name.removeprefix(archive.OBJECTS))
            elif entry.name.startswith(archive.DATABASE):
                tables += 1
            elif entry.name == archive.MISSING:
                found.missing = entry.content.read().count(b"\n")
    counted = (found.objects + found.missing, tables)
    if counted != (found.manifest.objects, len(found.manifest.tables) or 1):
        raise BackupError(f"{path} is incomplete: its manifest speaks of more or less.")
    return found
