"""Workers and a store in a bucket, either of which may go away at any moment."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from tests.examgen.waiting import wait_for
from tests.factories import stores
from tests.processes.databases import on_every_bell
from tests.processes.oracle import assert_one_exam, assert_sound
from tests.processes.site import GENERATE, LEASE_SECONDS, READ, Site
from tests.servers import Nanio
from tests.servers.s3 import KEY, SECRET

BUCKET = "exams"


def named(site: Site) -> set[str]:
    """Every object that a row speaks of."""
    columns = (
        "SELECT file AS name FROM exams_lecture",
        "SELECT document AS name FROM exams_exam",
        "SELECT thumbnail AS name FROM exams_page",
        "SELECT image AS name FROM exams_page",
    )
    rows = (row for sql in columns for row in site.rows(sql))
    return {row["name"] for row in rows} - {""}


@pytest.fixture
def remote(empty_site: Site, mortal: Nanio) -> Site:
    """A site with its files in a bucket and one lecture to be read."""
    empty_site.extra |= {
        "S3_BUCKET": mortal.create(BUCKET),
        "S3_ENDPOINT_URL": mortal.url,
        "S3_ACCESS_KEY_ID": KEY,
        "S3_SECRET_ACCESS_KEY": SECRET,
    }
    empty_site.upload("computer-networks")
    return empty_site


def test_what_killed_workers_left_is_collected_and_nothing_else(
    remote: Site, mortal: Nanio
) -> None:
    folder = mortal.folder(BUCKET)
    for consumer in (READ, GENERATE):
        remote.kill_at(remote.start_worker().pid, consumer, "pictures")
    remote.complete()
    assert_one_exam(remote)
    wanted = named(remote)
    litter = stores.objects(folder) - wanted
    assert any("/pages/" in name for name in litter)

    stores.age(folder, *stores.objects(folder), by=timedelta(hours=25))
    verdict = remote.manage("verify_invariants", "--read")
    assert verdict.returncode == 1
    assert set(verdict.stderr.splitlines()[:-1]) == {
        f"  object {name}: no row names it" for name in litter
    }
    (lecture,) = remote.rows("SELECT owner_id FROM exams_lecture")
    remote.call("exams.services.orphans", "collect", lecture["owner_id"][0])
    assert stores.objects(folder) == wanted
    assert_sound(remote)


@on_every_bell
@pytest.mark.chaos
@pytest.mark.parametrize("consumer", [READ, GENERATE])
def test_a_store_that_is_away_for_a_while_costs_no_job(
    remote: Site, mortal: Nanio, consumer: str
) -> None:
    worker = remote.start_worker()
    remote.wait_for_stage(consumer, "" if consumer == READ else "drafted")
    mortal.kill()
    # As often as would make it dead, were it an error of the job.
    wait_for(lambda: worker.said().count("job_waits") > 6, "seven tries in vain")
    (job,) = remote.jobs(consumer)
    assert (job["errors"], job["error_code"]) == (0, "store_away")
    mortal.start()
    remote.wait_for_exams()
    worker.stop()
    jobs = remote.jobs(READ) + remote.jobs(GENERATE)
    assert [(job["state"], job["errors"]) for job in jobs] == [("done", 0)] * 2
    assert_sound(remote)
    assert named(remote) <= stores.objects(mortal.folder(BUCKET))


@on_every_bell
@pytest.mark.chaos
@pytest.mark.parametrize("consumer", [READ, GENERATE])
def test_a_store_that_hangs_for_a_while_costs_no_job(
    remote: Site, mortal: Nanio, consumer: str
) -> None:
    worker = remote.start_worker()
    remote.wait_for_stage(consumer, "" if consumer == READ else "drafted")
    mortal.freeze()
    began = time.monotonic()
    # Longer than a lease: the job is not lost, since its worker lives.
    wait_for(lambda: time.monotonic() - began > LEASE_SECONDS + 1, "time to pass")
    assert remote.jobs(consumer)[0]["state"] != "done"
    mortal.thaw()
    remote.wait_for_exams()
    worker.stop()
    jobs = remote.jobs(READ) + remote.jobs(GENERATE)
    assert [(job["state"], job["lost_leases"]) for job in jobs] == [("done", 0)] * 2
    assert_sound(remote)
    assert named(remote) <= stores.objects(mortal.folder(BUCKET))
