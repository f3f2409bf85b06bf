"""Receiving files: no more than is allowed, and none on a full disk."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import UploadedFile

from examgen.uploads import CappedUploadHandler, has_no_room

FULL = Path("/dev/full")


class FullDiskHandler(CappedUploadHandler):
    """Writes where the kernel says that there is no space left."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file.file.close()
        self.file.file = FULL.open("wb")


def receive(handler: type[CappedUploadHandler], *chunks: bytes) -> UploadedFile[Any]:
    receiver = handler()
    receiver.new_file("lectures", "week1.pdf", "application/pdf", None)
    start = 0
    for chunk in chunks:
        receiver.receive_data_chunk(chunk, start)
        start += len(chunk)
    file = receiver.file_complete(start)
    assert file is not None
    return file


def test_a_file_is_received_whole() -> None:
    with receive(CappedUploadHandler, b"first", b"second") as file:
        assert file.read() == b"firstsecond"
        assert (file.name, file.size) == ("week1.pdf", 11)
        assert not has_no_room(file)


def test_no_more_is_kept_than_shows_that_it_is_too_much(settings) -> None:
    settings.LECTURE_MAX_BYTES = 10
    with receive(CappedUploadHandler, b"x" * 8, b"x" * 8, b"x" * 8) as file:
        assert file.read() == b"x" * 11
        assert file.size == 24
        assert not has_no_room(file)


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_on_a_full_disk_an_empty_file_says_so(size: int) -> None:
    """A few bytes are noticed only when they are written at the end."""
    with receive(FullDiskHandler, b"x" * size, b"x" * size) as file:
        assert has_no_room(file)
        assert (file.name, file.size, file.read()) == ("week1.pdf", 0, b"")


def test_where_no_file_can_be_made_an_empty_one_says_so(monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", refuse)
    with receive(CappedUploadHandler, b"first", b"second") as file:
        assert has_no_room(file)
        assert (file.name, file.size, file.read()) == ("week1.pdf", 0, b"")


def test_any_other_error_of_the_disk_is_none_of_ours() -> None:
    receiver = CappedUploadHandler()
    receiver.new_file("lectures", "week1.pdf", "application/pdf", None)
    with pytest.raises(OSError, match="I/O error"):
        receiver._give_up(OSError(errno.EIO, "I/O error"))
    receiver.file.close()
