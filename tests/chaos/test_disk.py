"""A disk that is full: uploads are refused whole, jobs wait for room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examgen.waiting import wait_for
from tests.processes.databases import on_every_bell
from tests.processes.oracle import assert_sound
from tests.processes.site import GENERATE, READ, Site

LECTURES = ("plant-cells", "computer-networks")


class SmallDisk:
    """A folder that takes nothing more when it is told so.

    Root mounts a small file system there, which is then filled up; others take away
    the right to write, which a worker sees as an error of the same kind.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.mounted = os.geteuid() == 0 and _mount(folder)

    def fill(self) -> None:
        if not self.mounted:
            self._forbid(0o500)
            return
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            block = b"x" * 4096
            try:
                while True:
                    filler.write(block)
            except OSError:
                pass

    def make_room(self) -> None:
        if self.mounted:
            (self.folder / "filler").unlink(missing_ok=True)
        else:
            self._forbid(0o700)

    def close(self) -> None:
        self.make_room()
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)

    def files(self) -> list[Path]:
        return [
            path
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != "filler"
        ]

    def _forbid(self, mode: int) -> None:
        for path in [self.folder, *self.folder.rglob("*")]:
            if path.is_dir():
                path.chmod(mode)


def _mount(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "examgen-tests", folder]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(empty_site: Site) -> Iterator[SmallDisk]:
    """The disk of the site's store."""
    disk = SmallDisk(empty_site.home / "store")
    yield disk
    disk.close()


@pytest.fixture
def scratch(tmp_path: Path, empty_site: Site) -> Iterator[SmallDisk]:
    """The disk of the site's temporary files."""
    disk = SmallDisk(tmp_path / "scratch")
    empty_site.extra["TMPDIR"] = str(disk.folder)
    yield disk
    disk.close()


def test_an_upload_that_finds_no_room_leaves_nothing(
    empty_site: Site, disk: SmallDisk
) -> None:
    disk.fill()
    empty_site.call("tests.chaos.uploading", "upload_in_vain", LECTURES[0])
    assert disk.files() == []
    assert empty_site.rows("SELECT * FROM exams_lecture") == []
    assert empty_site.rows("SELECT * FROM jobs_job") == []
    disk.make_room()
    empty_site.upload(LECTURES[0])
    empty_site.complete()
    assert_sound(empty_site)


@on_every_bell
@pytest.mark.parametrize("consumer", [READ, GENERATE])
def test_a_job_waits_for_room_in_the_store(
    empty_site: Site, disk: SmallDisk, consumer: str
) -> None:
    site = empty_site
    # Six tries must outlast the filling of a disk on a busy machine.
    site.extra["EXAMGEN_JOB_BACKOFF"] = "1"
    site.upload(LECTURES[1])
    worker = site.start_worker()
    site.wait_for_stage(consumer, "" if consumer == READ else "drafted")
    disk.fill()
    wait_for(lambda: site.jobs(consumer)[0]["errors"] > 0, "a job without room")
    disk.make_room()
    site.wait_for_exams()
    worker.stop()
    assert {job["state"] for job in site.rows("SELECT state FROM jobs_job")} == {"done"}
    assert len(site.events("exam.ready")) == 1
    assert_sound(site)


@on_every_bell
def test_a_job_waits_for_room_for_its_temporary_files(
    empty_site: Site, scratch: SmallDisk
) -> None:
    site = empty_site
    site.extra["EXAMGEN_JOB_BACKOFF"] = "1"
    worker = site.start_worker()
    # Python looks for a place once, so the worker has found this one when it is full.
    site.upload(LECTURES[0])
    site.wait_for_exams(1)
    scratch.fill()
    site.upload(LECTURES[1])
    wait_for(
        lambda: any(job["errors"] > 0 for job in site.jobs(READ)), "a job without room"
    )
    scratch.make_room()
    site.wait_for_exams(2)
    worker.stop()
    assert {job["state"] for job in site.rows("SELECT state FROM jobs_job")} == {"done"}
    assert_sound(site)
