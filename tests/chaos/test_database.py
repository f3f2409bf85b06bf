"""PostgreSQL that crashes under load: workers come back by themselves."""

from __future__ import annotations

import pytest

from tests.chaos.drills import ask, assert_each_once, wait_for_drills, wait_for_worker
from tests.examgen.waiting import wait_for
from tests.processes.databases import on_every_bell
from tests.processes.site import Site
from tests.processes.test_outages import outage

pytestmark = [
    pytest.mark.parametrize("kind", ["postgresql"], indirect=True),
    on_every_bell,
]


@pytest.mark.chaos(cases=2)
def test_workers_come_back_after_each_crash_of_a_busy_database(
    drill_site: Site,
) -> None:
    site = drill_site
    site.extra["EXAMGEN_HEAVY_PROCESSES"] = "2"
    worker = site.start_worker()
    wait_for_worker(site)
    ask(site, 60)
    for done in (5, 25):
        wait_for_drills(site, done)
        with outage(site):
            pass
    wait_for_drills(site, 60)
    assert worker.popen.poll() is None
    worker.stop()
    assert_each_once(site, 60)


def test_workers_come_back_after_a_database_was_away_for_a_while(
    drill_site: Site,
) -> None:
    site = drill_site
    worker = site.start_worker()
    wait_for_worker(site)
    ask(site, 30)
    wait_for_drills(site, 5)
    with outage(site):
        wait_for(lambda: "database_away" in worker.said(), "a worker that noticed")
    wait_for_drills(site, 30)
    assert worker.popen.poll() is None
    worker.stop()
    assert_each_once(site, 30)
    # Each thread and child says it once, however long it lasts.
    assert worker.said().count('"database_away"') <= 8
