"""Asking for drills, and counting the marks that they leave."""

from __future__ import annotations

from tests.examgen.waiting import wait_for
from tests.processes.oracle import assert_sound
from tests.processes.site import Site

DRILL = "tests.work"
HANG = "tests.hang_once"
LINGER = "tests.linger"
POISON = "tests.kill_worker"


def ask(site: Site, number: int, name: str = "drill.asked") -> None:
    site.call("tests.chaos.drill.tasks", "ask", str(number), name)


def wait_for_drills(site: Site, number: int, consumer: str = DRILL) -> None:
    """Wait until so many drills are done."""

    def done() -> bool:
        (row,) = site.rows(
            "SELECT count(*) AS n FROM jobs_job WHERE consumer = ? AND state = ?",
            consumer,
            "done",
        )
        return bool(row["n"] >= number)

    wait_for(done, f"{number} drills", every=0.05, seconds=120)


def assert_each_once(site: Site, number: int, consumer: str = DRILL) -> None:
    """All were done, and each left one mark."""
    states = [job["state"] for job in site.jobs(consumer)]
    assert states == ["done"] * number
    subjects = [job["subject"] for job in site.jobs(consumer)]
    marks = [event["subject_id"] for event in site.events("drill.done")]
    assert sorted(marks) == sorted(subjects)
    assert_sound(site)


def wait_for_worker(site: Site, queue: str = "heavy") -> None:
    """Wait until a worker of this queue has said that it lives."""
    wait_for(
        lambda: site.rows("SELECT * FROM jobs_beat WHERE queue = ?", queue),
        f"a {queue} worker",
        every=0.05,
    )
