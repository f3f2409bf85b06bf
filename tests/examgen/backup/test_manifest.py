from __future__ import annotations

import json

import pytest

from examgen.backup.errors import BackupError
from examgen.backup.manifest import FORMAT, Manifest

MANIFEST = Manifest(
    made_at="2026-03-01T02:00:00+00:00",
    database="postgresql",
    migrations=[("exams", "0001_initial")],
    tables={"exams_exam": ["id", "title"]},
    objects=3,
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    content = MANIFEST.to_bytes()
    assert json.loads(content)["format"] == FORMAT == "examgen-backup/1"
    assert Manifest.from_bytes(content) == MANIFEST


def test_a_newer_form_is_refused() -> None:
    content = json.loads(MANIFEST.to_bytes()) | {"format": "examgen-backup/2"}
    with pytest.raises(BackupError, match=r"reads examgen-backup/1: restore it by a"):
        Manifest.from_bytes(json.dumps(content).encode())


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"{}", b'{"format": "examgen-backup/1"}']
)
def test_what_is_no_manifest_is_told_as_damage(content: bytes) -> None:
    with pytest.raises(
        BackupError, match=r"The backup is damaged: its manifest cannot be"
    ):
        Manifest.from_bytes(content)
