"""The store on a local disk: whole objects under exact names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from examgen.disk import DiskStorage


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


def test_a_second_object_never_takes_the_place_of_the_first(
    disk: DiskStorage, tmp_path: Path
) -> None:
    disk.save("u/1/a.pdf", ContentFile(b"first"))
    second = disk.save("u/1/a.pdf", ContentFile(b"second"))
    assert second != "u/1/a.pdf"
    assert (tmp_path / "u/1/a.pdf").read_bytes() == b"first"
    assert (tmp_path / second).read_bytes() == b"second"
