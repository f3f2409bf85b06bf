"""Workers that die by their jobs, lose their children, or stand beside each other."""

from __future__ import annotations

import pytest

from tests.chaos.drills import (
    DRILL,
    HANG,
    POISON,
    ask,
    assert_each_once,
    wait_for_drills,
    wait_for_worker,
)
from tests.examgen.waiting import wait_for
from tests.processes.databases import on_every_bell
from tests.processes.oracle import assert_one_exam, assert_sound
from tests.processes.site import GENERATE, READ, Process, Site
from tests.servers import Valkey


@pytest.mark.parametrize("bell", ["celery"], indirect=True)
@pytest.mark.parametrize(("consumer", "stage"), [(READ, "read"), (GENERATE, "drafted")])
def test_a_child_that_is_killed_alone_costs_its_parent_nothing(
    site: Site, consumer: str, stage: str
) -> None:
    worker = site.start_worker()
    site.kill_child_at(worker.pid, consumer, stage)
    site.wait_for_exams()
    worker.stop()
    lost = {READ: 0, GENERATE: 0} | {consumer: 1}
    assert_one_exam(site, lost=lost)


@on_every_bell
def test_a_job_that_kills_its_worker_is_given_up_and_others_are_done(
    drill_site: Site,
) -> None:
    site = drill_site
    site.lease = 2
    site.extra["CHAOS_MAX_LOST_LEASES"] = "3"
    ask(site, 1, "drill.poisoned")
    ask(site, 10)
    supervisor = site.start("work")
    wait_for(
        lambda: site.jobs(POISON)[0]["state"] == "dead", "the end of it", seconds=120
    )
    wait_for_drills(site, 10)
    supervisor.stop()
    (job,) = site.jobs(POISON)
    assert (job["error_code"], job["lost_leases"]) == ("worker_lost", 3)
    (told,) = site.events("job.dead")
    assert (told["data"]["consumer"], told["data"]["code"]) == (POISON, "worker_lost")
    assert_each_once(site, 10)


@on_every_bell
def test_a_job_that_hangs_is_taken_from_its_worker(
    drill_site: Site, bell: dict[str, str]
) -> None:
    site = drill_site
    site.extra["EXAMGEN_JOB_LIMIT"] = "2"
    ask(site, 1, "drill.hanging")
    supervisor = site.start("work")
    wait_for_drills(site, 1, HANG)
    ask(site, 3)
    wait_for_drills(site, 3)
    supervisor.stop()
    assert_each_once_after_hanging(site, supervisor)
    # With Celery it is a child that ends, and its parent starts another.
    assert ("child_ended" in supervisor.said()) == (not bell)


def test_a_job_that_hangs_in_a_workers_parent_is_taken_from_it(
    rung_site: Site, broker: Valkey
) -> None:
    rung_site.extra["EXAMGEN_JOB_LIMIT"] = "2"
    broker.stop()
    ask(rung_site, 1, "drill.hanging")
    supervisor = rung_site.start("work")
    wait_for_drills(rung_site, 1, HANG)
    supervisor.stop()
    assert_each_once_after_hanging(rung_site, supervisor)
    assert "job_rescued" in supervisor.said()
    assert "child_ended" in supervisor.said()


def assert_each_once_after_hanging(site: Site, supervisor: Process) -> None:
    assert "job_hangs" in supervisor.said()
    (job,) = site.jobs(HANG)
    assert (job["state"], job["errors"], job["lost_leases"]) == ("done", 0, 1)
    marks = [event["subject_id"] for event in site.events("drill.done")]
    done = [*site.jobs(HANG), *site.jobs(DRILL)]
    assert sorted(marks) == sorted(row["subject"] for row in done)
    assert_sound(site)


@on_every_bell
def test_two_workers_do_each_job_and_take_each_tick_once(drill_site: Site) -> None:
    site = drill_site
    workers = [site.start_worker(), site.start_worker()]
    wait_for(lambda: len(site.rows("SELECT * FROM jobs_beat")) == 2, "both", every=0.05)
    tick = "SELECT last_slot FROM jobs_tick WHERE name = 'tests.tick'"
    (first,) = wait_for(lambda: site.rows(tick), "a tick")
    before = len(site.events("drill.ticked"))
    ask(site, 40)
    wait_for_drills(site, 40)
    wait_for(
        lambda: site.rows(tick)[0]["last_slot"] >= first["last_slot"] + 4, "four ticks"
    )
    for worker in workers:
        worker.stop()
    (last,) = site.rows(tick)
    ticked = len(site.events("drill.ticked")) - before
    # None twice; a busy machine may sleep through one. The first may be under way.
    assert 2 <= ticked <= last["last_slot"] - first["last_slot"] + 1
    assert_each_once(site, 40)
    assert {job["lost_leases"] for job in site.jobs(DRILL)} == {0}


def test_a_worker_that_does_nothing_ends_and_is_started_again(
    rung_site: Site, broker: Valkey
) -> None:
    # Neither bell nor sweeper brings it anything: what the watchdog is for.
    rung_site.extra |= {"EXAMGEN_JOB_SWEEP": "600", "EXAMGEN_JOB_WATCHDOG": "5"}
    supervisor = rung_site.start("work")
    wait_for_worker(rung_site)
    broker.stop()
    ask(rung_site, 3)
    wait_for_drills(rung_site, 3)
    said = supervisor.said()
    supervisor.stop()
    assert "worker_does_nothing" in said
    assert any("child_ended" in line and "75" in line for line in said.splitlines())
    assert_each_once(rung_site, 3)
