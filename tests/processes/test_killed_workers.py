"""Workers that are killed, frozen, stopped or doubled: nothing lost, nothing twice."""

from __future__ import annotations

import signal
import time

import pytest

from tests.examgen.waiting import wait_for
from tests.processes.oracle import assert_one_exam, assert_sound
from tests.processes.site import Site

READ = "exams.read_lecture"
GENERATE = "exams.generate_exam"

# The empty stage is that of a job which was taken and has not reported yet.
POINTS = [
    (READ, ""),
    (READ, "read"),
    (READ, "pictures"),
    (GENERATE, ""),
    (GENERATE, "drafted"),
    (GENERATE, "checked"),
    (GENERATE, "pictures"),
]


def test_an_exam_comes_of_workers_that_are_killed_at_every_point(site: Site) -> None:
    for consumer, stage in POINTS:
        site.kill_at(site.start_worker().pid, consumer, stage)
    site.complete()
    assert_one_exam(site, lost={READ: 3, GENERATE: 4})


def test_two_workers_share_the_work_and_double_none(empty_site: Site) -> None:
    site = empty_site
    workers = [site.start_worker(), site.start_worker()]
    site.upload("plant-cells", "computer-networks", "supply-and-demand")
    site.wait_for_exams(3)
    for worker in workers:
        worker.stop()
    for consumer in (READ, GENERATE):
        assert [(job["state"], job["lost_leases"]) for job in site.jobs(consumer)] == [
            ("done", 0)
        ] * 3
    assert len(site.events("exam.ready")) == 3
    assert_sound(site)


@pytest.mark.parametrize("stage", ["drafted", "pictures"])
def test_a_worker_that_thaws_after_its_lease_writes_nothing(
    site: Site, stage: str
) -> None:
    frozen = site.start_worker()
    site.freeze_at(frozen.pid, GENERATE, stage)
    heir = site.start_worker()
    site.wait_for_exams()
    questions = site.rows("SELECT * FROM exams_question ORDER BY id")
    assert "lease_lost" not in frozen.said()
    frozen.send(signal.SIGCONT)
    wait_for(lambda: "lease_lost" in frozen.said(), "the fence")
    assert site.rows("SELECT * FROM exams_question ORDER BY id") == questions
    frozen.stop()
    heir.stop()
    assert_one_exam(site, lost={READ: 0, GENERATE: 1})


def test_a_worker_that_thaws_while_its_heir_works_writes_nothing(site: Site) -> None:
    frozen = site.start_worker()
    site.freeze_at(frozen.pid, GENERATE, "drafted")
    (held,) = site.jobs(GENERATE)
    heir = site.start_worker()
    wait_for(
        lambda: site.jobs(GENERATE)[0]["lease_token"] != held["lease_token"],
        "the heir's claim",
        every=0.005,
    )
    frozen.send(signal.SIGCONT)
    wait_for(lambda: "lease_lost" in frozen.said(), "the fence")
    site.wait_for_exams()
    frozen.stop()
    heir.stop()
    assert_one_exam(site, lost={READ: 0, GENERATE: 1})


def test_jobs_that_are_run_five_times_act_once(site: Site) -> None:
    worker = site.start_worker()
    site.wait_for_exams()
    questions = site.rows("SELECT * FROM exams_question ORDER BY id")
    for _ in range(5):
        site.change("UPDATE jobs_job SET state = 'queued', finished_at = NULL")
        wait_for(
            lambda: (
                {job["state"] for job in site.rows("SELECT state FROM jobs_job")}
                == {"done"}
            ),
            "all jobs done again",
        )
    worker.stop()
    assert site.rows("SELECT * FROM exams_question ORDER BY id") == questions
    assert_one_exam(site)


def test_a_worker_that_is_stopped_gives_its_job_back_at_once(site: Site) -> None:
    worker = site.start_worker()
    site.wait_for_stage(GENERATE, "drafted")
    asked = time.monotonic()
    worker.stop()
    assert time.monotonic() - asked < 5
    (job,) = site.jobs(GENERATE)
    assert (job["state"], job["lease_token"], job["stage"]) == (
        "queued",
        None,
        "drafted",
    )
    site.complete()
    assert_one_exam(site, lost={READ: 0, GENERATE: 0})
