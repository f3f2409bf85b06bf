"""Workers that are killed, frozen, stopped or doubled: nothing lost, nothing twice."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from tests.examgen.waiting import wait_for
from tests.processes.databases import on_every_bell, on_every_database
from tests.processes.oracle import assert_one_exam, assert_sound
from tests.processes.site import GENERATE, LEASE_SECONDS, READ, STAGES, WAIT, Site

HEAVY = "SELECT state FROM jobs_job WHERE queue = 'heavy'"


@on_every_bell
@pytest.mark.chaos(cases=sum(len(STAGES[consumer]) for consumer in (READ, GENERATE)))
def test_an_exam_comes_of_workers_that_are_killed_at_every_point(site: Site) -> None:
    kills: Counter[str] = Counter()
    for consumer in (READ, GENERATE):
        for stage in STAGES[consumer]:
            while not site.kill_at(site.start_worker().pid, consumer, stage):
                # Of misses a busy machine sees more than a job may lose leases.
                site.give_back(consumer)
            kills[consumer] += 1
    site.complete()
    assert_one_exam(site, lost=kills)


@on_every_bell
@pytest.mark.chaos
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


@on_every_database
@pytest.mark.chaos
def test_a_worker_that_thaws_after_its_heir_ended_writes_nothing(site: Site) -> None:
    frozen = site.start_worker()
    site.freeze_at(frozen.pid, GENERATE, "drafted")
    heir = site.start_worker()
    site.wait_for_exams()
    questions = site.rows("SELECT * FROM exams_question ORDER BY id")
    assert "lease_lost" not in frozen.said()
    site.thaw(frozen)
    wait_for(lambda: "lease_lost" in frozen.said(), "the fence")
    assert site.rows("SELECT * FROM exams_question ORDER BY id") == questions
    frozen.stop()
    heir.stop()
    assert_one_exam(site, lost={READ: 0, GENERATE: 1})


@on_every_database
@pytest.mark.chaos
def test_a_worker_that_thaws_while_its_heir_works_writes_nothing(site: Site) -> None:
    frozen = site.start_worker()
    site.freeze_at(frozen.pid, GENERATE, "drafted")
    heir = site.start_worker()
    site.wait_for_heir(GENERATE)
    site.thaw(frozen)
    wait_for(lambda: "lease_lost" in frozen.said(), "the fence")
    site.wait_for_exams()
    frozen.stop()
    heir.stop()
    assert_one_exam(site, lost={READ: 0, GENERATE: 1})


@on_every_database
@pytest.mark.parametrize("heir_first", [True, False])
def test_a_worker_that_thaws_at_its_last_transaction_meets_the_fence(
    waiting_site: Site, heir_first: bool
) -> None:
    site = waiting_site
    frozen = site.start_worker()
    assert site.freeze_at(frozen.pid, WAIT, "waiting")
    heir = site.start_worker()
    site.wait_for_heir(WAIT)
    if heir_first:
        site.let_go(heir)
        wait_for(lambda: site.jobs(WAIT)[0]["state"] == "done", "the heir's end")
    site.thaw(frozen)
    site.let_go(frozen)
    wait_for(lambda: "lease_lost" in frozen.said(), "the fence")
    if not heir_first:
        assert site.jobs(WAIT)[0]["state"] == "running"
        assert site.events("waiter.left") == []
        site.let_go(heir)
        wait_for(lambda: site.jobs(WAIT)[0]["state"] == "done", "the heir's end")
    frozen.stop()
    heir.stop()
    assert "lease_lost" not in heir.said()
    (job,) = site.jobs(WAIT)
    assert (job["lost_leases"], job["errors"]) == (1, 0)
    assert len(site.events("waiter.left")) == 1
    assert_sound(site)


@on_every_database
def test_a_job_that_takes_longer_than_its_lease_is_not_lost(
    waiting_site: Site,
) -> None:
    site = waiting_site
    workers = [site.start_worker(), site.start_worker()]
    site.wait_for_stage(WAIT, "waiting")
    began = time.monotonic()
    # Whoever might take it over has had one and a half leases to do so.
    wait_for(lambda: time.monotonic() - began > 1.5 * LEASE_SECONDS, "time to pass")
    for worker in workers:
        site.let_go(worker)
    wait_for(lambda: site.jobs(WAIT)[0]["state"] == "done", "the end")
    for worker in workers:
        worker.stop()
    (job,) = site.jobs(WAIT)
    assert (job["lost_leases"], job["errors"]) == (0, 0)
    assert len(site.events("waiter.left")) == 1
    assert_sound(site)


@on_every_bell
@pytest.mark.chaos
def test_jobs_that_are_run_five_times_act_once(site: Site) -> None:
    worker = site.start_worker()
    site.wait_for_exams()
    questions = site.rows("SELECT * FROM exams_question ORDER BY id")
    for _ in range(5):
        site.change(
            "UPDATE jobs_job SET state = 'queued', finished_at = NULL "
            "WHERE queue = 'heavy'"
        )
        wait_for(
            lambda: {job["state"] for job in site.rows(HEAVY)} == {"done"},
            "all jobs done again",
        )
    worker.stop()
    assert site.rows("SELECT * FROM exams_question ORDER BY id") == questions
    assert_one_exam(site)


@on_every_bell
@pytest.mark.chaos
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
