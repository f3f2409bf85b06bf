from __future__ import annotations

from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client

from examgen.jobs import beats
from tests.examgen.jobs.faults import failing_database
from tests.factories.stores import away
from tests.servers import Valkey


@pytest.fixture
def workers(db: None) -> None:
    beats.beat("fast")
    beats.beat("heavy")


def ask(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_a_living_process_says_so_whatever_else_is_away(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_whole_site_is_ready(client: Client, workers: None) -> None:
    assert ask(client) == (
        200,
        {
            "status": "ok",
            "database": "ok",
            "store": "ok",
            "worker-fast": "ok",
            "worker-heavy": "ok",
        },
    )


def test_without_workers_pages_go_on(client: Client, db: None) -> None:
    beats.beat("fast")
    status, said = ask(client)
    assert (status, said["status"]) == (200, "degraded")
    assert (said["worker-fast"], said["worker-heavy"]) == ("ok", "away")


def test_without_a_database_nothing_can_be_served(client: Client, db: None) -> None:
    with failing_database(OperationalError, times=1):
        status, said = ask(client)
    assert (status, said) == (
        503,
        {"status": "away", "database": "away", "store": "ok"},
    )


def test_a_database_without_tables_serves_nobody(
    client: Client, shared_database: None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE jobs_beat RENAME TO elsewhere")
    try:
        status, said = ask(client)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO jobs_beat")
    assert (status, said) == (
        503,
        {"status": "away", "database": "away", "store": "ok"},
    )


def test_without_the_store_nothing_can_be_served(
    client: Client, workers: None, tmp_path: Path
) -> None:
    with away(tmp_path):
        status, said = ask(client)
    assert (status, said["status"], said["store"]) == (503, "away", "away")


def test_the_broker_is_asked_where_there_is_one(
    client: Client, workers: None, tmp_path: Path, settings
) -> None:
    valkey = Valkey(tmp_path / "valkey")
    valkey.start()
    settings.EXAMGEN_BELL = "celery"
    settings.REDIS_URL = valkey.url
    try:
        assert ask(client)[1]["broker"] == "ok"
        valkey.freeze()
        status, said = ask(client)
        assert (status, said["status"], said["broker"]) == (200, "degraded", "away")
        valkey.thaw()
        assert ask(client)[1]["broker"] == "ok"
    finally:
        valkey.stop()
    assert ask(client)[1]["broker"] == "away"
