"""What goes wrong in a backup or a restore is told in one sentence, and undone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.test_disk import SmallDisk
from tests.examgen.waiting import wait_for
from tests.processes.backups import House, Houses, back_up, on_disk, refused
from tests.processes.fixtures import Prepared
from tests.processes.oracle import assert_one_exam
from tests.processes.site import Site
from tests.servers import Nanio


@pytest.fixture
def houses(prepared: Prepared, nanio: Nanio, tmp_path: Path) -> Iterator[Houses]:
    houses = Houses(prepared, nanio, tmp_path)
    yield houses
    houses.close()


@pytest.fixture
def house(site: Site) -> House:
    """A site on SQLite and a disk, with one lecture that waits to be read."""
    return on_disk(site)


@pytest.fixture
def lecture(house: House) -> str:
    """The name of its only object."""
    (row,) = house.site.rows("SELECT file FROM exams_lecture")
    return str(row["file"])


@pytest.fixture
def remote(houses: Houses, mortal: Nanio) -> House:
    """A site with one lecture, in a bucket that may be harmed."""
    house = houses.with_bucket(houses.empty("sqlite").site, mortal)
    house.site.upload("computer-networks")
    return house


def untouched(house: House) -> bool:
    """Whether nobody has used this site."""
    return house.contents() == {} and house.site.rows("SELECT * FROM jobs_event") == []


def left_beside(path: Path) -> list[str]:
    return [found.name for found in path.parent.glob(f".{path.name}*")]


def test_a_damaged_or_cut_backup_is_refused_before_anything_is_done(
    house: House, houses: Houses, tmp_path: Path
) -> None:
    path = back_up(house.site, tmp_path / "a.tar")
    whole = path.read_bytes()
    scratch = houses.empty("sqlite")
    at = whole.index(b"%PDF")
    name = next(iter(house.contents()))
    path.write_bytes(whole[:at] + b"?" + whole[at + 1 :])
    damaged = f"{path} is damaged: objects/{name} is not what was written."
    assert refused(scratch.site.manage("restore", str(path))) == damaged
    assert refused(scratch.site.manage("backup", "--check", str(path))) == damaged
    path.write_bytes(whole[: whole.index(b"missing.txt")])
    assert refused(scratch.site.manage("restore", str(path))) == (
        f"{path} is incomplete or damaged: it ends before its list of checksums."
    )
    path.write_bytes(b"")
    said = refused(scratch.site.manage("restore", str(path)))
    assert said.startswith(f"{path} is damaged, or no backup: ")
    assert untouched(scratch)


def test_a_backup_of_a_newer_release_is_refused(
    house: House, houses: Houses, tmp_path: Path
) -> None:
    house.site.change(
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('exams', '0999_what_is_to_come', '2099-01-01')"
    )
    path = back_up(house.site, tmp_path / "a.tar")
    scratch = houses.empty("sqlite")
    assert refused(scratch.site.manage("restore", str(path))) == (
        "The backup is of another release, probably a newer one: it has migration "
        "exams.0999_what_is_to_come, which is not here. Restore it by its own."
    )
    assert untouched(scratch)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_an_older_backup_is_restored_and_migrated(
    kind: str, empty_site: Site, houses: Houses, tmp_path: Path
) -> None:
    before = ("scoring", "0001_initial")
    done = empty_site.manage("migrate", *before, "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    empty_site.upload("computer-networks")
    path = back_up(empty_site, tmp_path / "a.tar")
    scratch = houses.empty(kind)
    done = scratch.site.manage("restore", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1] == (
        "Next: manage.py migrate, then manage.py verify_invariants --read."
    )
    later = "SELECT name FROM django_migrations WHERE app = 'scoring' AND name > ?"
    assert scratch.site.rows(later, before[1]) == []
    done = scratch.site.manage("migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    assert scratch.site.rows(later, before[1]) != []
    # The job that waited when the backup was made is done here.
    scratch.site.complete()
    assert_one_exam(scratch.site)


def test_a_backup_of_another_kind_of_database_is_refused(
    house: House, houses: Houses, tmp_path: Path
) -> None:
    path = back_up(house.site, tmp_path / "a.tar")
    scratch = houses.empty("postgresql")
    assert refused(scratch.site.manage("restore", str(path))) == (
        "The backup is of SQLite, and DATABASE_URL names PostgreSQL: "
        "name an empty database of the same kind."
    )
    assert untouched(scratch)


def test_a_table_of_somebody_else_is_never_dropped(
    house: House, houses: Houses, tmp_path: Path
) -> None:
    path = back_up(house.site, tmp_path / "a.tar")
    scratch = houses.empty("sqlite")
    scratch.site.change("CREATE TABLE theirs (id integer)")
    assert refused(scratch.site.manage("restore", str(path))) == (
        "The database has a table theirs that is not this site's. "
        "Restore into a site of its own: a new database and a new store."
    )
    assert scratch.site.rows("SELECT * FROM theirs") == []


def test_objects_of_a_restore_that_was_cut_short_are_kept(
    house: House, lecture: str, houses: Houses, tmp_path: Path
) -> None:
    path = back_up(house.site, tmp_path / "a.tar")
    scratch = houses.empty("sqlite")
    there = scratch.objects / lecture
    there.parent.mkdir(parents=True)
    # As a process that is killed leaves what it is writing.
    passing = there.with_name(f"{there.name}.{'0' * 32}.part")
    passing.write_bytes(b"half")
    there.write_bytes(house.contents()[lecture])
    written = there.stat().st_ino
    done = scratch.site.manage("restore", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert there.stat().st_ino == written
    assert scratch.contents() == house.contents()


def test_a_store_that_holds_something_else_is_refused(
    house: House, lecture: str, houses: Houses, tmp_path: Path
) -> None:
    path = back_up(house.site, tmp_path / "a.tar")
    scratch = houses.empty("sqlite")
    there = scratch.objects / lecture
    there.parent.mkdir(parents=True)
    there.write_bytes(b"another")
    assert refused(scratch.site.manage("restore", str(path))) == (
        f"The store has another {lecture}: remove it. "
        "Run it again: what is in the store by then is kept."
    )
    there.rename(there.with_name("strange.pdf"))
    strange = lecture.replace("lecture.pdf", "strange.pdf")
    assert refused(scratch.site.manage("restore", str(path))) == (
        f"The store is not empty: {strange} is not of this backup. "
        "Restore into a site of its own: a new database and a new store."
    )
    assert scratch.contents() == {strange: b"another"}
    assert scratch.site.rows("SELECT * FROM jobs_event") == []


def test_a_site_whose_workers_run_is_refused(
    house: House, houses: Houses, tmp_path: Path
) -> None:
    path = back_up(house.site, tmp_path / "a.tar")
    scratch = houses.empty("sqlite")
    worker = scratch.site.start_worker()
    wait_for(lambda: scratch.site.rows("SELECT * FROM jobs_beat") != [], "a beat")
    assert refused(scratch.site.manage("restore", str(path))) == (
        "Workers of this site run: stop them, and run it again."
    )
    worker.stop()
    # Somebody else who has the file open would go on with one that nobody sees.
    assert scratch.site.rows("SELECT * FROM jobs_event") == []
    file = scratch.site.home / "db.sqlite3"
    assert refused(scratch.site.manage("restore", str(path))) == (
        f"Another process has {file} open: stop web and workers, and run it again."
    )
    scratch.site.database.close()
    done = scratch.site.manage("restore", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert left_beside(file) == []


def test_what_the_store_has_lost_is_named_and_the_rest_is_kept(
    house: House, lecture: str, tmp_path: Path
) -> None:
    (house.objects / lecture).unlink()
    path = tmp_path / "a.tar"
    done = house.site.manage("backup", str(path))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"1 object(s) that rows name and the store has lost: {lecture}",
        (
            "CommandError: The backup is kept, and cannot have what the store has not: "
            "see manage.py verify_invariants --read."
        ),
    ]
    done = house.site.manage("backup", "--check", str(path))
    assert done.returncode == 0
    assert "0 objects, 1 missing, " in done.stdout


def test_a_lecture_that_is_not_as_it_was_sent_is_named(
    house: House, lecture: str, tmp_path: Path
) -> None:
    with (house.objects / lecture).open("r+b") as file:
        file.write(b"?")
    done = house.site.manage("backup", str(tmp_path / "a.tar"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        f"1 object(s) not as they were stored: {lecture}"
    )


def test_what_is_deleted_while_it_is_made_is_told(
    remote: House, mortal: Nanio, tmp_path: Path
) -> None:
    (row,) = remote.site.rows("SELECT file FROM exams_lecture")
    # The database is held still, and then the store lets the backup wait.
    mortal.freeze()
    process = remote.site.start("backup", str(tmp_path / "a.tar"))
    wait_for(lambda: _holds_names(tmp_path), "the moment that is held", every=0.01)
    for table in ("notifications_delivery", "exams_exam", "exams_lecture"):
        remote.site.change(f"DELETE FROM {table}")
    (remote.objects / row["file"]).unlink()
    mortal.thaw()
    assert process.wait() == 0, process.said()
    assert f"1 object(s) deleted while it was made: {row['file']}" in process.said()
    done = remote.site.manage("backup", "--check", str(tmp_path / "a.tar"))
    assert "0 objects, 1 missing, " in done.stdout


def _holds_names(folder: Path) -> bool:
    """Whether the part that comes before the objects has been written."""
    parts = folder.glob(".a.tar.*/archive")
    return any(b"database/db.sqlite3" in part.read_bytes() for part in parts)


def test_a_store_that_is_away_leaves_no_backup(
    remote: House, mortal: Nanio, houses: Houses, tmp_path: Path
) -> None:
    path = back_up(remote.site, tmp_path / "a.tar")
    mortal.kill()
    away = f"bucket {remote.site.extra['S3_BUCKET']} at {mortal.url}: no answer"
    said = refused(remote.site.manage("backup", str(tmp_path / "b.tar")))
    assert said.startswith("The store does not give or take u/")
    assert away in said
    assert not (tmp_path / "b.tar").exists()
    assert left_beside(tmp_path / "b.tar") == []

    scratch = houses.empty("sqlite")
    scratch.site.extra |= remote.site.extra
    said = refused(scratch.site.manage("restore", str(path)))
    assert said.startswith("The store does not give or take u/: bucket ")
    assert scratch.site.rows("SELECT * FROM jobs_event") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_backup_that_is_stopped_leaves_nothing(
    remote: House, mortal: Nanio, tmp_path: Path, number: signal.Signals
) -> None:
    mortal.freeze()
    process = remote.site.start("backup", str(tmp_path / "a.tar"))
    wait_for(lambda: _holds_names(tmp_path), "the moment that is held", every=0.01)
    process.send(number)
    assert process.wait() == 1
    mortal.thaw()
    assert process.said() == (
        "CommandError: Stopped before its end; it can be run again.\n"
    )
    assert list(tmp_path.glob("*.tar")) == []
    assert left_beside(tmp_path / "a.tar") == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path / "small", "full")
    yield disk
    disk.close()


@pytest.mark.chaos
def test_a_full_disk_leaves_no_backup(house: House, disk: SmallDisk) -> None:
    disk.fill()
    path = disk.folder / "a.tar"
    said = refused(house.site.manage("backup", str(path)))
    assert "full" in said
    # What there is room for is not yet a backup.
    (disk.folder / "filler").write_bytes(b"x" * (15 * 1024 * 1024))
    said = refused(house.site.manage("backup", str(path)))
    assert "full" in said
    assert disk.files() == []
    disk.make_room()
    back_up(house.site, path)


@pytest.mark.chaos
def test_a_full_disk_of_temporary_files_is_told_as_such(
    remote: House, mortal: Nanio, disk: SmallDisk, tmp_path: Path
) -> None:
    (row,) = remote.site.rows("SELECT file FROM exams_lecture")
    mortal.client.put_object(
        Bucket=remote.site.extra["S3_BUCKET"],
        Key=row["file"],
        Body=bytes(20 * 1024 * 1024),
    )
    remote.site.extra["TMPDIR"] = str(disk.folder)
    assert refused(remote.site.manage("backup", str(tmp_path / "a.tar"))) == (
        "The disk of temporary files is full: set TMPDIR to a larger one."
    )
    assert disk.files() == []
    assert left_beside(tmp_path / "a.tar") == []


@pytest.mark.chaos
def test_a_store_that_is_full_takes_a_restore_up_again(
    house: House, houses: Houses, disk: SmallDisk, tmp_path: Path
) -> None:
    path = back_up(house.site, tmp_path / "a.tar")
    scratch = houses.empty("sqlite")
    scratch.objects.symlink_to(disk.folder)
    disk.fill()
    assert refused(scratch.site.manage("restore", str(path))) == (
        "The store is full (No space left on device). "
        "Run it again: what is in the store by then is kept."
    )
    assert scratch.site.rows("SELECT * FROM jobs_event") == []
    scratch.site.database.close()
    disk.make_room()
    done = scratch.site.manage("restore", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert scratch.contents() == house.contents()


def test_progress_is_shown_on_a_terminal(
    remote: House, mortal: Nanio, tmp_path: Path
) -> None:
    seen, terminal = os.openpty()
    mortal.freeze()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "backup", str(tmp_path / "a.tar")],
        cwd=Path(__file__).parents[2],
        env=remote.site.environment,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    said = b""
    while b"Objects: 1 of 1, 0.0 MB, 1 s" not in said:
        said += os.read(seen, 1000)
    mortal.thaw()
    assert process.wait(60) == 0
    os.close(seen)
