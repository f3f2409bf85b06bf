"""Redis that stops, forgets, hangs and comes back: work goes on without it."""

from __future__ import annotations

import os
import time

from tests.chaos.drills import (
    LINGER,
    ask,
    assert_each_once,
    wait_for_drills,
    wait_for_worker,
)
from tests.examgen.waiting import wait_for
from tests.processes.oracle import assert_one_exam, assert_sound
from tests.processes.site import GENERATE, Site
from tests.servers import Valkey

LECTURES = ("plant-cells", "computer-networks")
# `make chaos` takes a minute.
OUTAGE_SECONDS = float(os.environ.get("CHAOS_OUTAGE_SECONDS", "8"))
# A ring that Redis holds lies in the list of its queue.
HEAVY = "examgen:bell:heavy"


def test_work_goes_on_while_redis_is_stopped(rung_site: Site, broker: Valkey) -> None:
    worker = rung_site.start_worker()
    wait_for_worker(rung_site)
    broker.stop()
    stopped = time.monotonic()
    rung_site.upload(LECTURES[0])
    rung_site.wait_for_exams(1)
    wait_for(
        lambda: time.monotonic() - stopped > OUTAGE_SECONDS,
        "a long outage",
        seconds=2 * OUTAGE_SECONDS,
    )
    broker.start()
    rung_site.upload(LECTURES[1])
    rung_site.wait_for_exams(2)
    worker.stop()
    assert len(rung_site.events("exam.ready")) == 2
    assert_sound(rung_site)


def test_a_worker_hears_again_once_redis_is_back(
    rung_site: Site, broker: Valkey
) -> None:
    # Nobody sweeps again after the start: what is done was heard.
    rung_site.extra["EXAMGEN_JOB_SWEEP"] = "600"
    worker = rung_site.start_worker()
    wait_for_worker(rung_site)
    broker.stop()
    wait_for(lambda: "Cannot connect" in worker.said(), "a worker that noticed")
    broker.start()
    ask(rung_site, 5)
    wait_for_drills(rung_site, 5)
    worker.stop()
    assert_each_once(rung_site, 5)


def test_a_start_without_redis_works_all_the_same(
    rung_site: Site, broker: Valkey
) -> None:
    broker.stop()
    ask(rung_site, 10)
    worker = rung_site.start_worker()
    wait_for_drills(rung_site, 10)
    broker.start()
    worker.stop()
    assert_each_once(rung_site, 10)


def test_a_worker_that_does_long_jobs_without_redis_is_left_in_peace(
    rung_site: Site, broker: Valkey
) -> None:
    # Two children wait to be rung, the parent does the first job and the second is due.
    rung_site.extra |= {
        "EXAMGEN_HEAVY_PROCESSES": "2",
        "EXAMGEN_JOB_WATCHDOG": "2",
        "EXAMGEN_JOB_BEAT": "0.5",
    }
    worker = rung_site.start_worker()
    wait_for_worker(rung_site)
    broker.stop()
    ask(rung_site, 2, "drill.lingering")
    beats: set[str] = set()

    def done() -> bool:
        beats.update(
            str(row["at"]) for row in rung_site.rows("SELECT * FROM jobs_beat")
        )
        assert worker.popen.poll() is None, worker.said()
        return {job["state"] for job in rung_site.jobs(LINGER)} == {"done"}

    wait_for(done, "both jobs", every=0.1)
    worker.stop()
    assert_each_once(rung_site, 2, LINGER)
    assert [job["lost_leases"] for job in rung_site.jobs(LINGER)] == [0, 0]
    # In the twelve seconds of both jobs; silent for longer it would be missed.
    assert len(beats) > 12


def test_rings_that_redis_forgot_are_not_missed(
    rung_site: Site, broker: Valkey
) -> None:
    rung_site.upload(*LECTURES)
    assert broker.client.llen(HEAVY) == 2
    broker.client.flushall()
    worker = rung_site.start_worker()
    rung_site.wait_for_exams(2)
    worker.stop()
    assert len(rung_site.events("exam.ready")) == 2
    assert_sound(rung_site)


def test_redis_that_forgets_everything_in_the_middle_costs_no_job(
    rung_site: Site, broker: Valkey
) -> None:
    rung_site.extra["EXAMGEN_HEAVY_PROCESSES"] = "2"
    worker = rung_site.start_worker()
    wait_for_worker(rung_site)
    for _ in range(3):
        ask(rung_site, 20)
        broker.client.flushall()
    wait_for_drills(rung_site, 60)
    worker.stop()
    assert_each_once(rung_site, 60)


def test_uploads_stay_quick_and_work_goes_on_while_redis_hangs(
    rung_site: Site, broker: Valkey
) -> None:
    worker = rung_site.start_worker()
    wait_for_worker(rung_site)
    broker.freeze()
    rung_site.call("tests.chaos.uploading", "upload_quickly", *LECTURES)
    rung_site.wait_for_exams(2)
    broker.thaw()
    worker.stop()
    assert len(rung_site.events("exam.ready")) == 2
    assert_sound(rung_site)


def test_a_restart_of_redis_in_the_middle_of_an_exam_is_harmless(
    rung_site: Site, broker: Valkey
) -> None:
    rung_site.upload(LECTURES[1])
    worker = rung_site.start_worker()
    rung_site.wait_for_stage(GENERATE, "")
    broker.kill()
    broker.start()
    rung_site.wait_for_exams()
    worker.stop()
    assert_one_exam(rung_site)
