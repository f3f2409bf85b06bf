from __future__ import annotations

import threading

import pytest
from django.db import InterfaceError, OperationalError

from examgen.jobs import sweeper
from examgen.jobs.stopping import StopFlag
from examgen.jobs.wiring import Every
from tests.examgen.conftest import Wire
from tests.examgen.jobs.faults import failing_database
from tests.examgen.waiting import DEADLINE_SECONDS

AGE = 10**10


def test_a_sweep_names_the_periodic_work_that_it_ran(db: None, wire: Wire) -> None:
    wire(periodic=[Every(AGE, list, name="one")])
    assert sweeper.sweep() == ["one"]
    assert sweeper.sweep() == []


def test_sweeping_goes_on_until_the_worker_stops(
    shared_database: None, wire: Wire, settings
) -> None:
    settings.JOB_SWEEP_SECONDS = 0.01
    stopping = StopFlag()
    slots: list[int] = []

    def work() -> None:
        slots.append(len(slots))
        if len(slots) == 2:
            stopping.set()

    wire(periodic=[Every(1, work, name="every second")])
    sweep = threading.Thread(target=sweeper.sweep_until, args=(stopping,))
    sweep.start()
    sweep.join(DEADLINE_SECONDS)
    assert not sweep.is_alive()
    assert slots == [0, 1]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_does_not_end_the_sweeping(
    shared_database: None, wire: Wire, settings, error: type[Exception]
) -> None:
    settings.JOB_SWEEP_SECONDS = 0.01
    stopping = StopFlag()
    wire(periodic=[Every(AGE, stopping.set, name="one")])
    with failing_database(error, times=2) as failed:
        sweeper.sweep_until(stopping)
    assert failed == [error, error]
    assert stopping.is_set()
