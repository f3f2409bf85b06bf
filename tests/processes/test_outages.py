"""A database that is away for a while: people are told, then everything goes on."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import Message

import pytest

from tests.examgen.waiting import wait_for
from tests.processes.databases import PostgreSQL, on_every_bell
from tests.processes.oracle import assert_one_exam, assert_sound
from tests.processes.site import GENERATE, WAIT, Site
from tests.processes.test_supervisor import free_port

# On SQLite the database cannot be away.
pytestmark = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)

# Somebody whose session must be looked for in the database.
SESSION = {"Cookie": "sessionid=" + "x" * 32}


def ask(port: int, path: str) -> tuple[int, str, Message]:
    """What a browser is answered: status, page and headers."""
    url = f"http://127.0.0.1:{port}{path}"
    # Probes have no session.
    headers = {} if path in ("/healthz", "/readyz") else SESSION
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode(), answer.headers


def answers(port: int, path: str) -> bool:
    try:
        return ask(port, path)[0] == 200
    except OSError:
        return False


@contextmanager
def outage(site: Site) -> Iterator[None]:
    """The server of the site's database crashes, and is started again at the end."""
    database = site.database
    assert isinstance(database, PostgreSQL)
    database.close()
    database.server.crash()
    try:
        yield
    finally:
        database.server.start()


def test_pages_say_so_and_come_back(empty_site: Site) -> None:
    site = empty_site
    collected = site.manage("collectstatic", "--no-input", "--verbosity", "0")
    assert collected.returncode == 0, collected.stderr
    port = free_port()
    process = site.start("serve", "--port", str(port))
    wait_for(lambda: answers(port, "/accounts/login/"), "a page")
    with outage(site):
        for _ in range(3):
            status, page, headers = ask(port, "/accounts/login/")
            assert (status, headers["Retry-After"]) == (503, "5")
            assert "Back in a moment" in page
        assert answers(port, "/healthz")
        assert ask(port, "/readyz")[0] == 503
    wait_for(lambda: answers(port, "/accounts/login/"), "a page", seconds=10)
    assert "child_ended" not in process.said()
    process.stop()


# A server that is back at once, and one for which the pool ceases to look by itself.
@pytest.mark.parametrize("seconds", [0, 3])
def test_a_short_restart_is_not_noticed(empty_site: Site, seconds: float) -> None:
    """However many connections of the pool are dead, and whoever comes meanwhile."""
    site, port = empty_site, free_port()
    # Machines that run tests are busy, so their servers start slowly.
    site.extra["EXAMGEN_POOL_WAIT"] = "30"
    process = site.start("serve", "--port", str(port))
    wait_for(lambda: answers(port, "/readyz"), "an answer")
    for _ in range(3):
        with ThreadPoolExecutor(4) as people:
            with outage(site):
                asked = [people.submit(ask, port, "/readyz") for _ in range(4)]
                time.sleep(seconds)
            back = time.monotonic()
            assert [one.result()[0] for one in asked] == [200] * 4
            # A second and no more, but for what a busy machine takes.
            assert time.monotonic() - back < 5
        assert ask(port, "/readyz")[0] == 200
    process.stop()


@on_every_bell
@pytest.mark.chaos
def test_an_exam_comes_although_the_database_went(site: Site) -> None:
    worker = site.start_worker()
    site.wait_for_stage(GENERATE, "drafted")
    with outage(site):
        wait_for(lambda: "database_away" in worker.said(), "a worker that noticed")
    site.wait_for_exams()
    worker.stop()
    assert_one_exam(site)


def test_a_job_cut_off_by_an_outage_is_done_without_waiting_for_its_lease(
    waiting_site: Site,
) -> None:
    site = waiting_site
    site.lease = 600
    worker = site.start_worker()
    site.wait_for_stage(WAIT, "waiting")
    with outage(site):
        site.let_go(worker)
        wait_for(lambda: "job_failed" in worker.said(), "a job that failed")
    wait_for(lambda: site.jobs(WAIT)[0]["state"] == "done", "the end", seconds=30)
    worker.stop()
    (job,) = site.jobs(WAIT)
    assert (job["lost_leases"], job["errors"]) == (1, 0)
    assert len(site.events("waiter.left")) == 1
    assert_sound(site)


def test_an_idle_worker_outlives_an_outage(site: Site) -> None:
    worker = site.start_worker("fast")
    wait_for(lambda: site.rows("SELECT * FROM jobs_beat"), "a worker that works")
    with outage(site):
        wait_for(lambda: "database_away" in worker.said(), "a worker that noticed")
    (beat,) = site.rows("SELECT * FROM jobs_beat")
    wait_for(
        lambda: site.rows("SELECT * FROM jobs_beat WHERE at > ?", beat["at"]),
        "another sign of life",
    )
    worker.stop()
