"""A disk that is full: uploads are refused whole, jobs wait for room.

That takes a small file system, which root mounts. Whoever may not is told so by a skip,
which the tally of chaos counts as not survived. Where permissions hold for them, a disk
that takes nothing for another reason is tried besides: another case, not this one.
"""

from __future__ import annotations

import itertools
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


FAULTS = ["full"] if os.geteuid() == 0 else ["full", "forbidden"]
# What a worker or an upload hears of it.
STORE_SAYS = {"full": "StoreFullError", "forbidden": "StoreError"}


class SmallDisk:
    """A folder that takes nothing more when it is told so."""

    def __init__(self, folder: Path, fault: str) -> None:
        folder.mkdir()
        self.folder = folder
        self.fault = fault
        if fault == "full":
            _mount(folder)

    def fill(self) -> None:
        if self.fault == "forbidden":
            self._forbid(0o500)
            return
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            blocks = itertools.repeat(b"x" * 4096)
            with pytest.raises(OSError, match="No space left on device"):
                filler.writelines(blocks)

    def make_room(self) -> None:
        if self.fault == "forbidden":
            self._forbid(0o700)
        else:
            (self.folder / "filler").unlink(missing_ok=True)

    def close(self) -> None:
        self.make_room()
        if self.fault == "full":
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


def _mount(folder: Path) -> None:
    """Mount a small file system, or say at once that nobody can try this here."""
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "examgen-tests", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(
            "A FULL DISK IS NOT TRIED: it takes root with the right to mount a tmpfs "
            f"(CAP_SYS_ADMIN). mount said: {done.stderr.strip()}"
        )


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> str:
    """Why a disk takes nothing."""
    return str(request.param)


@pytest.fixture
def disk(empty_site: Site, fault: str) -> Iterator[SmallDisk]:
    """The disk of the site's store."""
    disk = SmallDisk(empty_site.home / "store", fault)
    yield disk
    disk.close()


@pytest.fixture
def scratch(tmp_path: Path, empty_site: Site, fault: str) -> Iterator[SmallDisk]:
    """The disk of the site's temporary files."""
    disk = SmallDisk(tmp_path / "scratch", fault)
    empty_site.extra["TMPDIR"] = str(disk.folder)
    yield disk
    disk.close()


def test_an_upload_that_finds_no_room_leaves_nothing(
    empty_site: Site, disk: SmallDisk
) -> None:
    says = STORE_SAYS[disk.fault]
    disk.fill()
    empty_site.call("tests.chaos.uploading", "upload_in_vain", LECTURES[0], says)
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
    assert site.jobs(consumer)[0]["error_code"] == STORE_SAYS[disk.fault]
    disk.make_room()
    site.wait_for_exams()
    worker.stop()
    assert {job["state"] for job in site.jobs_of("exams")} == {"done"}
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
    assert {job["state"] for job in site.jobs_of("exams")} == {"done"}
    assert_sound(site)
