"""The private store: whole objects under `u/<owner>/`, nothing half written.

No function here may be called inside a transaction: stores can be slow or away.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage


class StoreError(Exception):
    """The store is away or refused; trying again later may help."""


def keep(name: str, file: File[Any]) -> None:
    """Store a new object under exactly this name."""
    try:
        stored = default_storage.save(name, file)
    except OSError as error:
        raise StoreError(name) from error
    if stored != name:
        # The backend dodged an existing object: two uploads can never share a name,
        # so this is an object without a row, and the new one must not take its place.
        default_storage.delete(stored)
        raise StoreError(name)


def keep_derived(name: str, content: bytes) -> None:
    """Store an object whose name says what it was made from; once is enough."""
    try:
        if default_storage.exists(name):
            return
        stored = default_storage.save(name, ContentFile(content))
        if stored != name:
            # Another worker stored the same bytes in this very moment.
            default_storage.delete(stored)
    except OSError as error:
        raise StoreError(name) from error


def open_object(name: str) -> IO[bytes]:
    """Open an object for reading; raises StoreError when it is not to be had."""
    try:
        return default_storage.open(name, "rb")
    except OSError as error:
        raise StoreError(name) from error


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """Yield a path that a child process can open, whatever the backend."""
    with tempfile.TemporaryDirectory(prefix="examgen-") as folder:
        path = Path(folder) / "lecture.pdf"
        with open_object(name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)
        yield path


def discard(name: str) -> None:
    """Delete one object; it is no error when there is none."""
    try:
        default_storage.delete(name)
    except OSError as error:
        raise StoreError(name) from error


def erase(prefix: str) -> int:
    """Delete every object under a folder; returns how many there were."""
    try:
        folders, names = default_storage.listdir(prefix)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise StoreError(prefix) from error
    for name in names:
        default_storage.delete(f"{prefix}/{name}")
    erased = len(names) + sum(erase(f"{prefix}/{folder}") for folder in folders)
    # On a disk an empty folder would stay; object stores have none.
    default_storage.delete(prefix)
    return erased
