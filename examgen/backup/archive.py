"""The tar file of a backup, written and read as a stream.

Nothing is held but one piece of 1 MB, whatever the size and number of entries.
"""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from examgen.backup.errors import BackupError

MANIFEST = "manifest.json"
DATABASE = "database/"
OBJECTS = "objects/"
MISSING = "missing.txt"
SUMS = "SHA256SUMS"

CHUNK = 1024 * 1024
# So much of a list of checksums is held in memory before it goes to a temporary file.
_SPOOL = CHUNK


class Entry(NamedTuple):
    """One file of the archive; `content` can be read until the next entry is."""

    name: str
    size: int
    content: IO[bytes]


class _Hashed:
    """A file whose SHA-256 is taken while others read it."""

    def __init__(self, source: IO[bytes], moved: Callable[[int], object]) -> None:
        self._source = source
        self._moved = moved
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        self._moved(len(chunk))
        return chunk


class _Tar(tarfile.TarFile):
    """The library's, which would remember every entry if it were not told to forget."""

    members: list[tarfile.TarInfo]

    def forget(self) -> None:
        self.members = []


class Writer:
    """Adds entries one after the other, and in the end what they must hash to."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = _Tar(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self._sums = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115

    def add(
        self,
        name: str,
        source: IO[bytes],
        size: int,
        moved: Callable[[int], object] = lambda _: None,
    ) -> str:
        """Add `size` bytes and return their SHA-256 in hex.

        `moved` is told of every piece. OSError when the source is shorter.
        """
        hashed = _Hashed(source, moved)
        self._tar.addfile(_header(name, size), hashed)
        self._tar.forget()
        sha256 = hashed.digest.hexdigest()
        self._sums.write(_line(name, sha256))
        return sha256

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, BytesIO(content), len(content))

    def close(self) -> None:
        """Say that this is all."""
        size = self._sums.tell()
        self._sums.seek(0)
        self._tar.addfile(_header(SUMS, size), self._sums)
        self._sums.close()
        self._tar.close()


@contextmanager
def opened(path: Path) -> Iterator[Iterator[Entry]]:
    """Open an archive for reading its entries in order; their hashes go unchecked."""
    try:
        with path.open("rb") as file, _Tar(fileobj=file) as tar:
            yield _entries(tar)
    except tarfile.TarError as error:
        raise BackupError(f"{path} is damaged, or no backup: {error}.") from error


def verified(path: Path, moved: Callable[[int], object]) -> Iterator[Entry]:
    """Yield every entry but the checksums, and raise BackupError unless all fit.

    Whoever is given an entry may read it from its beginning, or leave it.
    """
    with (
        opened(path) as entries,
        tempfile.SpooledTemporaryFile(max_size=_SPOOL) as found,
    ):
        for entry in entries:
            if entry.name == SUMS:
                found.seek(0)
                _compare(path, found, entry.content)
                if next(entries, None) is not None:
                    raise BackupError(f"{path} is damaged: it goes on behind its end.")
                return
            found.write(_line(entry.name, _sha256(entry, moved)))
            entry.content.seek(0)
            yield entry
    raise BackupError(
        f"{path} is incomplete or damaged: it ends before its list of checksums."
    )


def _entries(tar: _Tar) -> Iterator[Entry]:
    while member := tar.next():
        content = tar.extractfile(member)
        if content is None:
            raise BackupError(f"The backup is damaged: {member.name} is no file.")
        yield Entry(member.name, member.size, content)
        tar.forget()


def _sha256(entry: Entry, moved: Callable[[int], object]) -> str:
    digest = hashlib.sha256()
    while chunk := entry.content.read(CHUNK):
        digest.update(chunk)
        moved(len(chunk))
    return digest.hexdigest()


def _compare(path: Path, found: IO[bytes], listed: IO[bytes]) -> None:
    """Compare line by line; both are in the order of the entries."""
    for line in found:
        if listed.readline() != line:
            name = line.decode(errors="replace").partition("  ")[2].rstrip("\n")
            raise BackupError(f"{path} is damaged: {name} is not what was written.")
    if rest := listed.readline():
        name = rest.decode(errors="replace").partition("  ")[2].rstrip("\n")
        raise BackupError(f"{path} is damaged: {name} is not in it.")


def _line(name: str, sha256: str) -> bytes:
    return f"{sha256}  {name}\n".encode()


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size = size
    header.mode = 0o600
    header.mtime = int(time.time())
    return header
