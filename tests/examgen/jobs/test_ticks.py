from __future__ import annotations

import time
from functools import partial

import pytest

from examgen.jobs import ticks
from examgen.jobs.models import Tick
from examgen.jobs.stopping import StopFlag
from examgen.jobs.wiring import Every
from tests.examgen.conftest import Wire
from tests.threads import together

# A slot so long that no test ever crosses its end.
AGE = 10**10


def test_a_slot_is_taken_once(db: None) -> None:
    assert [ticks.take("tested", AGE) for _ in range(3)] == [True, False, False]


def test_every_name_has_slots_of_its_own(db: None) -> None:
    assert [ticks.take(name, AGE) for name in ("one", "two")] == [True, True]


def test_the_next_slot_is_taken_again(db: None) -> None:
    assert ticks.take("tested", 60) is True
    assert Tick.objects.filter(name="tested").update(last_slot=0) == 1
    assert ticks.take("tested", 60) is True
    slot = Tick.objects.get(name="tested").last_slot
    assert 0 <= int(time.time()) // 60 - slot <= 2


def test_a_clock_that_went_back_takes_no_slot_again(db: None) -> None:
    assert ticks.take("tested", 60) is True
    Tick.objects.update(last_slot=2**40)
    assert ticks.take("tested", 60) is False


def test_of_many_workers_exactly_one_takes_a_slot(shared_database: None) -> None:
    for name in ("one", "two", "three"):
        taken = together([partial(ticks.take, name, AGE)] * 8)
        assert sorted(taken) == [False] * 7 + [True]


def test_periodic_work_runs_once_in_its_slot(db: None, wire: Wire) -> None:
    ran: list[str] = []
    wire(
        periodic=[
            Every(AGE, partial(ran.append, "one"), name="one"),
            Every(AGE, partial(ran.append, "two"), name="two"),
        ]
    )
    assert ticks.run_due() == ["one", "two"]
    assert ticks.run_due() == []
    assert ran == ["one", "two"]


def test_periodic_work_that_fails_stops_no_other(
    db: None, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []

    def fails() -> None:
        raise ZeroDivisionError

    wire(
        periodic=[
            Every(AGE, fails, name="fails"),
            Every(AGE, partial(ran.append, "works"), name="works"),
        ]
    )
    assert ticks.run_due() == ["fails", "works"]
    assert ran == ["works"]
    (record,) = [r for r in caplog.records if r.name == "examgen.jobs.ticks"]
    assert record.levelname == "ERROR"


def test_of_many_workers_one_runs_the_periodic_work(
    shared_database: None, wire: Wire
) -> None:
    ran: list[str] = []
    wire(periodic=[Every(AGE, partial(ran.append, "one"), name="one")])
    assert sorted(together([ticks.run_due] * 8)) == [[]] * 7 + [["one"]]
    assert ran == ["one"]


def test_periodic_work_goes_on_until_the_worker_stops(
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
    assert together([partial(ticks.keep, stopping)]) == [None]
    assert slots == [0, 1]
