"""Stores for tests: watched, and going wrong in the middle as real ones do."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.db import connection
from django.test import override_settings

from examgen.bucket import BucketStorage
from examgen.disk import DiskStorage
from examgen.store import Fingerprint, StoredObject
from exams.services import files
from tests.servers import s3

# Whatever was asked of a store inside a transaction; the `store` fixture looks here.
asked_inside: list[str] = []


def _watch(what: str) -> None:
    """Stores can be slow or away: nobody may hold a transaction open for them."""
    blocks = connection.atomic_blocks
    if any(not block._from_testcase for block in blocks):
        asked_inside.append(what)
        raise AssertionError(f"{what} inside a transaction")


class _Watched:
    """Refuses to be touched in a transaction, and may do something before a write."""

    before_save: Callable[[str], object] | None = None

    def save(self, name: str, content: File[Any]) -> str:
        _watch(f"save {name}")
        return str(super().save(name, content))  # type: ignore[misc]

    def _save(self, name: str, content: Any) -> str:
        if self.before_save:
            self.before_save(name)
        return str(super()._save(name, content))  # type: ignore[misc]

    def open(self, name: str, mode: str = "rb") -> IO[bytes]:
        _watch(f"open {name}")
        return super().open(name, mode)  # type: ignore[misc, no-any-return]

    def exists(self, name: str) -> bool:
        _watch(f"exists {name}")
        return bool(super().exists(name))  # type: ignore[misc]

    def delete(self, name: str) -> None:
        _watch(f"delete {name}")
        super().delete(name)  # type: ignore[misc]

    def fingerprint(self, name: str) -> Fingerprint:
        _watch(f"fingerprint {name}")
        return super().fingerprint(name)  # type: ignore[misc, no-any-return]

    def walk(self, prefix: str) -> Iterator[StoredObject]:
        _watch(f"walk {prefix}")
        yield from super().walk(prefix)  # type: ignore[misc]

    def remove(self, names: Iterable[str]) -> None:
        _watch("remove")
        super().remove(names)  # type: ignore[misc]


class WatchedDisk(_Watched, DiskStorage):  # type: ignore[misc]
    def __init__(
        self, *, before_save: Callable[[str], object] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.before_save = before_save


class WatchedBucket(_Watched, BucketStorage):
    def __init__(
        self, *, before_save: Callable[[str], object] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.before_save = before_save


def disk(location: Path) -> dict[str, Any]:
    """The setting of a store in a folder."""
    return {
        "BACKEND": "tests.factories.stores.WatchedDisk",
        "OPTIONS": {"location": location, "base_url": None},
    }


def bucket(server: s3.ObjectServer, name: str, **options: Any) -> dict[str, Any]:
    """The setting of a store in a bucket."""
    return {
        "BACKEND": "tests.factories.stores.WatchedBucket",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": server.url,
            "region_name": s3.REGION,
            "access_key": s3.KEY,
            "secret_key": s3.SECRET,
            "security_token": None,
            "addressing_style": "path",
            **options,
        },
    }


@contextmanager
def using(default: dict[str, Any]) -> Iterator[None]:
    """Let the site keep its files there."""
    with override_settings(STORAGES={**settings.STORAGES, "default": default}):
        yield


@contextmanager
def changed(**options: Any) -> Iterator[None]:
    """Use the store of this test with other options."""
    now = settings.STORAGES["default"]
    with using({**now, "OPTIONS": {**now["OPTIONS"], **options}}):
        yield


@contextmanager
def hooked(_store: Path, before_save: Callable[[str], object]) -> Iterator[None]:
    """Let the store of this test call `before_save(name)` before each write."""
    with changed(before_save=before_save):
        yield


class AbsentStorage(DiskStorage):
    """Answers nothing at all."""

    def exists(self, name: str) -> bool:
        raise OSError(errno.EIO, "the store is away", name)

    def open(self, name: str, mode: str = "rb") -> File[Any]:  # noqa: ARG002
        raise OSError(errno.EIO, "the store is away", name)

    def walk(self, prefix: str) -> Iterator[StoredObject]:
        raise OSError(errno.EIO, "the store is away", prefix)

    def probe(self) -> None:
        raise OSError(errno.EIO, "the store is away")


@contextmanager
def away(location: Path) -> Iterator[None]:
    """Use a store that does not even say what it holds."""
    default = disk(location) | {"BACKEND": "tests.factories.stores.AbsentStorage"}
    with using(default):
        yield


def refuse(_name: str) -> None:
    """What a store that is away does to every write."""
    raise OSError(errno.EIO, "the store is away")


def be_full(_name: str) -> None:
    """What a full disk does to every write."""
    raise OSError(errno.ENOSPC, "no space left on device")


class EndingFile(File[bytes]):
    """A file whose reading fails after the first chunk, once it is being stored."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:  # noqa: ARG002
        self.seek(0)
        yield self.read(100)
        raise OSError(errno.EIO, "the disk of uploads does not read")


def ending(content: bytes) -> EndingFile:
    return EndingFile(BytesIO(content), name="week1.pdf")


def put(*names: str, content: bytes = b"content") -> None:
    """Store the same bytes under each of these names."""
    for name in names:
        files.keep_derived(name, content)


def age(location: Path, *names: str, by: timedelta) -> None:
    """Let these objects have been written so long ago."""
    for name in names:
        at = time.time() - by.total_seconds()
        os.utime(location / name, (at, at))
        # Without its own note Nanio goes by the file.
        (location / ".nanio-meta" / f"{name}.json").unlink(missing_ok=True)


def objects(location: Path) -> set[str]:
    """The keys of everything in a store."""
    names = {
        path.relative_to(location) for path in location.rglob("*") if path.is_file()
    }
    # Beside its objects Nanio keeps what it knows of them.
    return {str(name) for name in names if name.parts[0] != ".nanio-meta"}
