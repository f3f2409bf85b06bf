"""The store on a local disk: whole objects under exact names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from examgen.disk import DiskStorage
from examgen.store import Fingerprint, StoreAwayError


class Torn(ContentFile):
    """Content whose reading fails in the middle."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:  # noqa: ARG002
        yield b"half"
        raise OSError(5, "I/O error")


@pytest.fixture
def disk(tmp_path: Path) -> DiskStorage:
    return DiskStorage(location=tmp_path)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_an_object_is_stored_under_its_name(disk: DiskStorage, tmp_path: Path) -> None:
    assert disk.save("u/1/a.pdf", ContentFile(b"whole")) == "u/1/a.pdf"
    assert (tmp_path / "u/1/a.pdf").read_bytes() == b"whole"
    assert names(tmp_path) == {"a.pdf"}


def test_content_that_breaks_off_leaves_nothing_under_the_name(
    disk: DiskStorage, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="I/O error"):
        disk.save("u/1/a.pdf", Torn(b""))
    assert not (tmp_path / "u/1/a.pdf").exists()


def test_an_object_is_on_the_disk_before_its_name_is_told(
    disk: DiskStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[str, bool]] = []
    target = tmp_path / "u/1/a.pdf"

    def watched(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        flushed.append((str(path.relative_to(tmp_path)), target.exists()))
        kept(descriptor)

    kept = os.fsync
    monkeypatch.setattr(os, "fsync", watched)
    disk.save("u/1/a.pdf", ContentFile(b"whole"))
    (passing, early), *folders = flushed
    assert (passing.startswith("u/1/a.pdf."), passing.endswith(".part")) == (True, True)
    assert early is False
    assert folders == [("u/1", True), ("u", True), (".", True)]


def test_an_object_that_the_disk_does_not_take_has_no_name(
    disk: DiskStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(5, "I/O error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="I/O error"):
        disk.save("u/1/a.pdf", ContentFile(b"whole"))
    assert names(tmp_path) == set()


def test_a_second_object_never_takes_the_place_of_the_first(
    disk: DiskStorage, tmp_path: Path
) -> None:
    disk.save("u/1/a.pdf", ContentFile(b"first"))
    second = disk.save("u/1/a.pdf", ContentFile(b"second"))
    assert second != "u/1/a.pdf"
    assert (tmp_path / "u/1/a.pdf").read_bytes() == b"first"
    assert (tmp_path / second).read_bytes() == b"second"


def test_an_object_is_told_by_what_lies_there(disk: DiskStorage) -> None:
    disk.save("u/1/a.pdf", ContentFile(b"whole"))
    sha256 = hashlib.sha256(b"whole").hexdigest()
    assert disk.fingerprint("u/1/a.pdf") == Fingerprint(5, sha256)
    with pytest.raises(FileNotFoundError):
        disk.fingerprint("u/1/b.pdf")


def test_a_listing_goes_by_the_beginning_of_names(disk: DiskStorage) -> None:
    for name in ("u/1/a.pdf", "u/12/b/c.pdf", "u/2/a.pdf"):
        disk.save(name, ContentFile(b"whole"))
    assert [(found.name, found.size) for found in disk.walk("u/1")] == [
        ("u/1/a.pdf", 5),
        ("u/12/b/c.pdf", 5),
    ]
    assert [found.name for found in disk.walk("u/1/")] == ["u/1/a.pdf"]
    assert list(disk.walk("u/1/a.pdf/")) == []
    assert list(disk.walk("nothing/here/")) == []
    with pytest.raises(SuspiciousFileOperation):
        list(disk.walk("../"))


def test_removing_leaves_no_empty_folder_but_those_that_others_may_enter(
    disk: DiskStorage, tmp_path: Path
) -> None:
    disk.save("u/1/lectures/2/pages/1.webp", ContentFile(b"whole"))
    disk.remove(["u/1/lectures/2/pages/1.webp", "u/1/lectures/3/missing.webp"])
    assert not (tmp_path / "u/1/lectures/2").exists()
    assert (tmp_path / "u/1/lectures").is_dir()


def test_a_folder_that_cannot_be_used_is_said_with_the_cure(tmp_path: Path) -> None:
    DiskStorage(location=tmp_path / "new").probe()
    (tmp_path / "file").touch()
    with pytest.raises(StoreAwayError, match="EXAMGEN_DATA"):
        DiskStorage(location=tmp_path / "file").probe()
