"""The private store: whole objects under `u/<owner>/`, nothing half written.

No function here may be called inside a transaction: stores can be slow or away. A name
is used once: whatever is written anew gets a new one, so that nothing can be removed
or replaced under the feet of those who count on it.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import structlog
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.http import content_disposition_header

from examgen.store import FULL, Fingerprint, Store, StoredObject

log = structlog.get_logger(__name__)


class StoreError(Exception):
    """The store is away or refused; trying again later may help."""


class StoreFullError(StoreError):
    """Nothing more goes into the store until somebody makes room."""


def keep(name: str, file: File[Any], *, size: int, sha256: str) -> None:
    """Store a new object under exactly this name, and see that it is all there."""
    store = _store()
    with _telling(name):
        stored = store.save(name, file)
        if stored != name:
            # The disk dodges a name that is taken, and nothing may take its place.
            store.delete(stored)
        if store.fingerprint(name) != Fingerprint(size, sha256):
            log.error("object_differs", name=name)
            raise StoreError(name)


def keep_derived(name: str, content: bytes) -> None:
    """Store what a job made, which can be made again."""
    store = _store()
    with _telling(name):
        stored = store.save(name, ContentFile(content))
        if stored != name:
            store.delete(stored)
            raise StoreError(name)


def open_object(name: str) -> IO[bytes]:
    """Open an object for reading; raises StoreError when it is not to be had."""
    with _telling(name):
        return _store().open(name, "rb")


def fingerprint(name: str) -> Fingerprint:
    """Say what the store holds: a disk is read, a bucket tells what it compared."""
    with _telling(name):
        return _store().fingerprint(name)


def read_fingerprint(name: str) -> Fingerprint:
    """The same from the bytes themselves, wherever they lie."""
    digest, size = hashlib.sha256(), 0
    with open_object(name) as source, _telling(name):
        while chunk := source.read(1024 * 1024):
            digest.update(chunk)
            size += len(chunk)
    return Fingerprint(size, digest.hexdigest())


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """Yield a path that a child process can open, whatever the backend."""
    with tempfile.TemporaryDirectory(prefix="examgen-") as folder:
        path = Path(folder) / "lecture.pdf"
        with open_object(name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)
        yield path


def link_to(name: str, *, content_type: str, file_name: str = "") -> str | None:
    """Lend an address of this object for a minute, None where the site must send it.

    With a file name it is a download. Whoever has the address may open it, so the
    permission is to be checked first.
    """
    with _telling(name):
        return _store().link(
            name,
            content_type=content_type,
            disposition=content_disposition_header(bool(file_name), file_name)
            or "inline",
        )


def listed(prefix: str) -> Iterator[StoredObject]:
    """List the objects whose names begin so, page by page."""
    with _telling(prefix):
        yield from _store().walk(prefix)


def remove(names: Iterable[str]) -> None:
    """Delete these objects, as far as they are still there."""
    with _telling("several"):
        _store().remove(names)


def discard(name: str) -> None:
    """Delete one object; it is no error when there is none."""
    with _telling(name):
        _store().remove([name])


def erase(folder: str) -> int:
    """Delete every object in a folder; returns how many there were."""
    erased = 0

    def counted() -> Iterator[str]:
        nonlocal erased
        for found in listed(f"{folder}/"):
            erased += 1
            yield found.name

    remove(counted())
    return erased


def _store() -> Store:
    return cast("Store", default_storage)


@contextmanager
def _telling(name: str) -> Iterator[None]:
    """Say of a disk and of a bucket alike what services and pages reckon with."""
    try:
        yield
    except OSError as error:
        log.warning("store_failed", error=type(error).__name__, code=error.errno)
        kind = StoreFullError if error.errno in FULL else StoreError
        raise kind(name) from error
