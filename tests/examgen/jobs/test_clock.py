from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from examgen.jobs import clock
from tests.threads import together

MOMENT = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _begin_anew(monkeypatch) -> None:
    monkeypatch.setattr(clock, "_reading", None)


def database_time() -> datetime:
    if connection.vendor != "postgresql":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
        return theirs


def age_the_reading() -> None:
    """Let the last reading be an hour old, and a minute wrong."""
    assert clock._reading is not None
    clock._reading = clock._Reading(
        clock._reading.time - timedelta(hours=1, minutes=1),
        clock._reading.ticks - 3600,
    )


def test_it_is_the_databases_time(db: None) -> None:
    before = database_time()
    assert before - MOMENT / 10 <= clock.now() <= database_time() + MOMENT / 10


def test_time_goes_on_inside_a_transaction(db: None) -> None:
    with transaction.atomic():
        first = clock.now()
        time.sleep(0.01)
        assert clock.now() - first >= timedelta(seconds=0.01)


@pytest.mark.postgresql
def test_the_database_is_asked_once_in_ten_seconds(
    db: None, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        for _ in range(5):
            clock.now()
    age_the_reading()
    with django_assert_num_queries(1):
        for _ in range(5):
            assert abs(clock.now() - datetime.now(UTC)) < MOMENT


@pytest.mark.postgresql
def test_between_it_is_counted_by_ticks_which_nobody_sets(db: None) -> None:
    """As if the host's clock had been put forward by years since the reading."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    clock._reading = clock._Reading(long_ago, time.monotonic() - 5)
    assert timedelta(seconds=5) <= clock.now() - long_ago < timedelta(seconds=6)


def fail_a_statement() -> None:
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")


@pytest.mark.postgresql
def test_a_transaction_that_has_failed_uses_the_last_reading(db: None) -> None:
    clock.now()
    with transaction.atomic():
        age_the_reading()
        fail_a_statement()
        # The database would only answer that it answers no more.
        assert timedelta(0) < database_free_now() < timedelta(minutes=2)
        transaction.set_rollback(True)
        assert timedelta(0) < database_free_now() < timedelta(minutes=2)
    assert abs(clock.now() - datetime.now(UTC)) < MOMENT


def database_free_now() -> timedelta:
    """How far the clock is behind."""
    return datetime.now(UTC) - clock.now()


def test_many_threads_read_one_time(shared_database: None) -> None:
    for _ in range(20):
        clock._reading = None
        times = together([clock.now] * 8)
        assert max(times) - min(times) < MOMENT
        assert abs(times[0] - database_time()) < MOMENT


def test_in_a_demo_it_can_be_earlier_for_a_while_and_for_one_thread(
    db: None, settings
) -> None:
    settings.DEMO = True
    before = clock.now()
    first, second = before - timedelta(days=2), before - timedelta(days=1)
    with clock.set_back(first):
        assert timedelta(0) <= clock.now() - first < MOMENT
        with clock.set_back(second):
            assert timedelta(0) <= clock.now() - second < MOMENT
        assert timedelta(0) <= clock.now() - first < MOMENT
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(clock._ago.get).result() == timedelta(0)
    assert clock.now() >= before


def test_nowhere_else_is_it_ever_earlier(settings) -> None:
    settings.DEMO = False
    with (
        pytest.raises(RuntimeError, match="Only a demo"),
        clock.set_back(datetime.now(UTC)),
    ):
        pytest.fail("never reached")
