from __future__ import annotations

import threading

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError

from examgen.jobs import rounds
from examgen.jobs.stopping import StopFlag


def failing(stopping: StopFlag, *errors: Exception) -> list[int]:
    """Rounds that begin with these errors, and stop with the first that goes well."""
    went: list[int] = []

    def work() -> None:
        went.append(len(went))
        if len(went) <= len(errors):
            raise errors[len(went) - 1]
        stopping.set()

    rounds.go(work, stopping, 0.01)
    return went


def test_rounds_go_on_until_the_worker_stops() -> None:
    stopping = StopFlag()
    went: list[str] = []

    def work() -> None:
        went.append(threading.current_thread().name)
        if len(went) == 3:
            stopping.set()

    thread = rounds.start("tested", rounds.go, work, stopping, 0.01)
    rounds.join([thread])
    assert not thread.is_alive()
    assert went == ["tested"] * 3


def test_a_worker_that_has_stopped_goes_no_round() -> None:
    stopping = StopFlag()
    stopping.set()
    went: list[int] = []
    rounds.go(lambda: went.append(1), stopping, 0.01)
    assert went == []


@pytest.mark.parametrize(
    "error", [OperationalError, InterfaceError, ProgrammingError, ZeroDivisionError]
)
def test_nothing_that_fails_ends_the_rounds(
    shared_database: None, error: type[Exception]
) -> None:
    assert failing(StopFlag(), error(), error()) == [0, 1, 2]
