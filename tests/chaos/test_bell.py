"""A bell that nobody hears, and one that everybody hears five times."""

from __future__ import annotations

from collections import Counter

from tests.chaos.drills import ask, assert_each_once, wait_for_drills
from tests.processes.oracle import assert_one_exam
from tests.processes.site import GENERATE, READ, Site
from tests.servers import Valkey

LECTURE = "computer-networks"


def test_jobs_are_done_although_every_ring_is_lost(rung_site: Site) -> None:
    rung_site.extra["EXAMGEN_BELL"] = "lost"
    worker = rung_site.start_worker()
    rung_site.upload(LECTURE)
    rung_site.wait_for_exams()
    worker.stop()
    assert_one_exam(rung_site, lost={READ: 0, GENERATE: 0})


def test_messages_delivered_five_times_act_once(
    rung_site: Site, broker: Valkey
) -> None:
    rung_site.extra |= {"EXAMGEN_BELL": "repeating", "EXAMGEN_HEAVY_PROCESSES": "2"}
    ask(rung_site, 20)
    assert broker.client.llen("examgen:bell:heavy") == 100
    workers = [rung_site.start_worker(), rung_site.start_worker()]
    wait_for_drills(rung_site, 20)
    for worker in workers:
        worker.stop()
    assert_each_once(rung_site, 20)
    counts = Counter(job["lost_leases"] for job in rung_site.jobs("tests.work"))
    assert counts == {0: 20}
