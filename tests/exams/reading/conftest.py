from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exams.reading import Document, read_lecture

Read = Callable[..., Document]


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[bytes], Path]:
    def keep(data: bytes, name: str = "lecture.pdf") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return keep


@pytest.fixture(scope="session")
def known() -> dict[bytes, Document]:
    """Documents do not change, so files that many tests read are read once."""
    return {}


@pytest.fixture
def read(keep: Callable[[bytes], Path], known: dict[bytes, Document]) -> Read:
    def read(data: bytes, **options: Any) -> Document:
        if options:
            return read_lecture(keep(data), **options)
        if data not in known:
            known[data] = read_lecture(keep(data))
        return known[data]

    return read
