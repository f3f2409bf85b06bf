"""Stores that go wrong in the middle, as real ones do."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.test import override_settings


class HookedStorage(FileSystemStorage):
    """Calls `before_save(name)` first: to fail there, or to do something else then."""

    def __init__(self, *, before_save: Callable[[str], object], **options: Any) -> None:
        super().__init__(**options)
        self.before_save = before_save

    def _save(self, name: str, content: Any) -> str:
        self.before_save(name)
        return str(super()._save(name, content))  # type: ignore[misc]


@contextmanager
def hooked(location: Path, before_save: Callable[[str], object]) -> Iterator[None]:
    """Use a store at `location` that calls `before_save` before each write."""
    default = {
        "BACKEND": "tests.factories.stores.HookedStorage",
        "OPTIONS": {
            "location": location,
            "base_url": None,
            "before_save": before_save,
        },
    }
    with override_settings(STORAGES={**settings.STORAGES, "default": default}):
        yield


class AbsentStorage(FileSystemStorage):
    """Answers nothing at all."""

    def exists(self, name: str) -> bool:
        raise OSError(errno.EIO, "the store is away", name)


@contextmanager
def away(location: Path) -> Iterator[None]:
    """Use a store that does not even say what it holds."""
    default = {
        "BACKEND": "tests.factories.stores.AbsentStorage",
        "OPTIONS": {"location": location, "base_url": None},
    }
    with override_settings(STORAGES={**settings.STORAGES, "default": default}):
        yield


def refuse(_name: str) -> None:
    """What a store that is away does to every write."""
    raise OSError(errno.EIO, "the store is away")


class EndingFile(File[bytes]):
    """A file whose reading fails after the first chunk, once it is being stored."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:  # noqa: ARG002
        self.seek(0)
        yield self.read(100)
        raise OSError(errno.ENOSPC, "no space left on device")


def ending(content: bytes) -> EndingFile:
    return EndingFile(BytesIO(content), name="week1.pdf")


def objects(location: Path) -> set[str]:
    """The keys of everything in a store."""
    return {
        str(path.relative_to(location))
        for path in location.rglob("*")
        if path.is_file()
    }
