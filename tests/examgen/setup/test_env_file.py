"""The file of settings keeps what people wrote, and gives back what was written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from examgen.settings.environment import Environment
from examgen.setup import env_file

VALUES = [
    "",
    "plain",
    "https://exams.example.org",
    "127.0.0.1,[::1]",
    "Exams <exams@example.org>",
    "O'Hara",
    'The "best" site',
    "both ' and \"",
    "back\\slash and \\n",
    "a # b",
    "$HOME",
    "Universität Köln",
    "'quoted'",
    '"quoted"',
    "= and =",
]


@pytest.mark.parametrize("value", VALUES)
def test_what_is_written_is_read(tmp_path: Path, monkeypatch, value: str) -> None:
    file = tmp_path / "env"
    assert env_file.write(file, {"EXAMGEN_TRIED": value}) is True
    found: dict[str, str] = {}
    monkeypatch.setattr(Environment, "ENVIRON", found)
    Environment.read_env(file)
    assert found == {"EXAMGEN_TRIED": value}


def test_other_lines_stay_and_a_name_keeps_its_place(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("# mine\nA=1\nexport B=2\n\nA=3\n# B=4\n")
    assert env_file.write(file, {"A": "x y", "C": "new"}) is True
    assert file.read_text() == "# mine\nA='x y'\nexport B=2\n\n# B=4\nC=new\n"


def test_the_same_values_change_nothing(tmp_path: Path) -> None:
    file = tmp_path / "env"
    env_file.write(file, {"A": "x y"})
    before = file.stat()
    assert env_file.write(file, {"A": "x y"}) is False
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert file.stat().st_ino == before.st_ino


def test_a_new_file_is_readable_by_its_account_alone(tmp_path: Path) -> None:
    file = tmp_path / "env"
    env_file.write(file, {"A": "2"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["env"]


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o640), (0o600, 0o600)])
def test_a_file_stays_its_accounts_and_its_groups(
    tmp_path: Path, before: int, after: int
) -> None:
    """Root may write what the account of the site has to read."""
    file = tmp_path / "env"
    file.write_text("A=1\n")
    file.chmod(before)
    mine = os.geteuid() != 0
    owner = (os.geteuid(), os.getegid()) if mine else (12345, 23456)
    os.chown(file, *owner)
    env_file.write(file, {"A": "2"})
    there = file.stat()
    assert stat.S_IMODE(there.st_mode) == after
    assert (there.st_uid, there.st_gid) == owner


def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("A=1\n")
    (tmp_path / "env").symlink_to("real")
    env_file.write(tmp_path / "env", {"A": "2"})
    assert (tmp_path / "env").is_symlink()
    assert (tmp_path / "real").read_text() == "A=2\n"


def test_a_folder_that_is_not_there_is_an_error_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    with pytest.raises(OSError, match="No such file"):
        env_file.write(tmp_path / "nowhere" / "env", {"A": "2"})
