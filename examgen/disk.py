"""The store of a small site: files on a local disk, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.storage import FileSystemStorage

from examgen.store import Fingerprint, StoreAwayError, StoredObject

# Folders this high may be entered by another upload at any moment, so they stay.
_SHARED_LEVELS = 3


class DiskStorage(FileSystemStorage):
    """Writes under a passing name first: a process that dies leaves no half object.

    What has its name is on the disk, not only on its way there: rows that speak of it
    may be committed, and outlive a power cut with it.
    """

    def _save(self, name: str, content: Any) -> str:
        passing = super()._save(f"{name}.{uuid.uuid4().hex}.part", content)  # type: ignore[misc]
        try:
            _flush(self.path(passing))
            while True:
                try:
                    # Unlike a rename, a link never takes another object's place.
                    os.link(self.path(passing), self.path(name))
                except FileExistsError:
                    name = self.get_available_name(name)
                else:
                    break
        finally:
            self.delete(passing)
        # Names stand in their folder, and folders in theirs.
        for folder in PurePosixPath(name).parents:
            _flush(self.path(str(folder)))
        return name

    def fingerprint(self, name: str) -> Fingerprint:
        with Path(self.path(name)).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return Fingerprint(file.tell(), digest.hexdigest())

    def walk(self, prefix: str) -> Iterator[StoredObject]:
        folder, _, start = prefix.rpartition("/")
        try:
            entries = sorted(os.scandir(self.path(folder)), key=lambda one: one.name)
        except (FileNotFoundError, NotADirectoryError):
            return
        for entry in entries:
            if not entry.name.startswith(start):
                continue
            name = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from self.walk(f"{name}/")
                continue
            with suppress(FileNotFoundError):  # removed since the folder was read
                facts = entry.stat(follow_symlinks=False)
                at = datetime.fromtimestamp(facts.st_mtime, UTC)
                yield StoredObject(name, facts.st_size, at)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(FileNotFoundError):
                Path(self.path(name)).unlink()
            self._tidy(name)

    def link(self, name: str, *, content_type: str, disposition: str) -> None:  # noqa: ARG002
        return None

    def probe(self) -> None:
        with suppress(OSError):
            Path(self.location).mkdir(parents=True, exist_ok=True)
        usable = os.access(self.location, os.R_OK | os.W_OK | os.X_OK)
        if not usable or not Path(self.location).is_dir():
            raise StoreAwayError(
                f"{self.location} is no folder that can be read and written: give it "
                "to the account of the site, or set EXAMGEN_DATA to another place"
            )

    def _tidy(self, name: str) -> None:
        """Remove the folders that held nothing else; a bucket has none."""
        for folder in PurePosixPath(name).parents:
            if len(folder.parts) <= _SHARED_LEVELS:
                return
            try:
                Path(self.path(str(folder))).rmdir()
            except OSError:
                return


def _flush(path: str) -> None:
    """Wait until a file's content, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
