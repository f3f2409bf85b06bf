from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid

import pytest

from examgen.jobs import bell
from tests.examgen.jobs import belfry
from tests.examgen.waiting import wait_for


def a_ring() -> bell.Ring:
    return bell.Ring(uuid.uuid4(), "tests.nothing", "fast")


def test_a_ring_is_heard(belfry_bell: None) -> None:
    ring = a_ring()
    bell.ring(ring)
    assert belfry.rings() == [ring]
    assert bell.tally() == bell.Tally(sent=1)


def test_where_workers_poll_nobody_is_rung(settings) -> None:
    belfry.clear()
    settings.EXAMGEN_BELL = "none"
    bell.ring(a_ring())
    assert not bell._ringers


def test_a_broker_that_hangs_holds_nobody_up(belfry_bell: None) -> None:
    belfry.hang()
    before = time.monotonic()
    for _ in range(50):
        bell.ring(a_ring())
    assert time.monotonic() - before < 1
    assert bell.flush(0.05) is False
    belfry.let_go()
    assert len(belfry.rings()) == 50


def test_a_broker_that_fails_is_counted_and_left_alone_for_a_while(
    belfry_bell: None, monkeypatch, caplog
) -> None:
    monkeypatch.setattr(bell, "_PAUSE_SECONDS", 0.3)
    belfry.fail_with(ConnectionError("redis://:secret@broker is away"))
    for _ in range(3):
        bell.ring(a_ring())
    assert belfry.rings() == []
    assert bell.tally() == bell.Tally(failed=1, dropped=2)
    assert "bell_failed" in caplog.text
    assert "secret" not in caplog.text
    time.sleep(0.3)
    ring = a_ring()
    bell.ring(ring)
    assert belfry.rings() == [ring]
    assert bell.tally() == bell.Tally(sent=1, failed=1, dropped=2)


def test_rings_that_pile_up_are_dropped_and_counted(
    belfry_bell: None, monkeypatch
) -> None:
    monkeypatch.setattr(bell, "_MOST_WAITING", 3)
    belfry.hang()
    bell.ring(a_ring())
    # The thread holds the first one in its hands.
    wait_for(bell._ringer()._waiting.empty, "the first in hand")
    for _ in range(5):
        bell.ring(a_ring())
    assert bell.tally().dropped == 2
    belfry.let_go()
    assert len(belfry.rings()) == 4


def test_a_forked_child_rings_for_itself(belfry_bell: None) -> None:
    bell.ring(a_ring())
    belfry.rings()
    child = os.fork()
    if child == 0:
        bell.ring(a_ring())
        os._exit(0 if bell.flush(5) and bell.tally().sent == 1 else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("name", ["none", "celery"])
def test_every_bell_of_the_settings_can_be_had(settings, name: str) -> None:
    settings.EXAMGEN_BELL = name
    assert isinstance(bell.current(), bell.Bell)


def test_the_small_site_never_loads_celery() -> None:
    code = (
        "import django, sys; django.setup();"
        "from examgen.jobs import bell, worker; import examgen.urls;"
        "bell.current();"
        "assert not {'celery', 'kombu', 'redis', 'boto3'} & set(sys.modules)"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "examgen.settings.test",
        "EXAMGEN_BELL": "none",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
