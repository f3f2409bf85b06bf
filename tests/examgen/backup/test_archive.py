"""The tar file of a backup: whole, or named as what it is not."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from examgen.backup import archive
from examgen.backup.errors import BackupError

# Longer than a block of a tar, and no multiple of one.
CONTENT = {"manifest.json": b"{}", "objects/u/1": b"one" * 1000, "objects/u/2": b""}


def write(path: Path, content: dict[str, bytes] = CONTENT) -> Path:
    with path.open("wb") as file:
        writer = archive.Writer(file)
        for name, data in content.items():
            assert (
                writer.add(name, BytesIO(data), len(data))
                == hashlib.sha256(data).hexdigest()
            )
        writer.close()
    return path


def read(path: Path) -> dict[str, bytes]:
    entries = archive.verified(path, lambda _: None)
    return {entry.name: entry.content.read() for entry in entries}


def complaint(path: Path) -> str:
    with pytest.raises(BackupError) as caught:
        read(path)
    return str(caught.value)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.tar")) == CONTENT


def test_others_can_verify_it_too(tmp_path: Path) -> None:
    with tarfile.open(write(tmp_path / "a.tar")) as tar:
        assert tar.getnames() == [*CONTENT, "SHA256SUMS"]
        assert {member.mode for member in tar} == {0o600}
        tar.extractall(tmp_path / "out", filter="data")
    command = [shutil.which("sha256sum") or "sha256sum", "--check", "SHA256SUMS"]
    done = subprocess.run(
        command, cwd=tmp_path / "out", capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [f"{name}: OK" for name in CONTENT]


def test_every_flipped_bit_of_content_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tar")
    whole = path.read_bytes()
    for piece in (b"{}", b"oneone", b"  objects/u/1\n"):
        at = whole.index(piece)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert complaint(path).startswith(f"{path} is damaged: ")
    at = whole.index(b"oneone")
    path.write_bytes(whole[:at] + b"O" + whole[at + 1 :])
    assert complaint(path) == (
        f"{path} is damaged: objects/u/1 is not what was written."
    )


def test_a_file_that_ends_early_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tar")
    whole = path.read_bytes()
    sums = whole.index(b"SHA256SUMS")
    with tarfile.open(path) as tar:
        end = sums + 512 + tar.getmember("SHA256SUMS").size
    for length in range(0, end, 100):
        path.write_bytes(whole[:length])
        assert complaint(path).startswith(f"{path} is ")


def test_entries_that_were_taken_out_or_put_in_are_found(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tar")
    with tarfile.open(path) as tar:
        sums = tar.extractfile("SHA256SUMS").read()

    def forged(content: dict[str, bytes]) -> Path:
        with tarfile.open(tmp_path / "b.tar", "w") as tar:
            for name, data in content.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, BytesIO(data))
        return tmp_path / "b.tar"

    less = {name: CONTENT[name] for name in ("manifest.json", "objects/u/1")}
    path = forged(less | {"SHA256SUMS": sums})
    assert complaint(path) == f"{path} is damaged: objects/u/2 is not in it."
    path = forged(CONTENT | {"objects/u/3": b"", "SHA256SUMS": sums})
    assert complaint(path) == (
        f"{path} is damaged: objects/u/3 is not what was written."
    )
    path = forged(CONTENT | {"SHA256SUMS": sums, "objects/u/3": b""})
    assert complaint(path) == f"{path} is damaged: it goes on behind its end."


def test_what_is_no_archive_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Nothing of the kind. " * 100)
    assert complaint(path).startswith(f"{path} is damaged, or no backup: ")


class Zeros(BytesIO):
    """So many bytes that nobody holds."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size

    def read(self, size: int | None = -1) -> bytes:
        given = min(self.left, self.left if size in (None, -1) else size)
        self.left -= given
        return bytes(given)


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_no_object_is_ever_held_in_memory(tmp_path: Path, traced: None) -> None:
    size = 64 * 1024 * 1024
    with (tmp_path / "a.tar").open("wb") as file:
        writer = archive.Writer(file)
        writer.add("objects/u/large", Zeros(size), size)
        writer.close()
    moved = 0

    def count(more: int) -> None:
        nonlocal moved
        moved += more

    assert [one.size for one in archive.verified(tmp_path / "a.tar", count)] == [size]
    assert moved == size
    _, peak = tracemalloc.get_traced_memory()
    assert peak < 8 * 1024 * 1024


def test_entries_are_not_remembered(tmp_path: Path, traced: None) -> None:
    def peak_of(entries: int) -> int:
        tracemalloc.reset_peak()
        begun, _ = tracemalloc.get_traced_memory()
        content = {f"objects/u/{number}": b"" for number in range(entries)}
        path = write(tmp_path / "a.tar", content)
        del content
        tracemalloc.reset_peak()
        assert sum(1 for _ in archive.verified(path, lambda _: None)) == entries
        return tracemalloc.get_traced_memory()[1] - begun

    few, many = peak_of(100), peak_of(3000)
    # A remembered entry takes more than 500 bytes; its line of checksums 90.
    assert many - few < 3000 * 300
