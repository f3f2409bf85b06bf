"""Wirings, bells and databases for the tests of jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from examgen.jobs import wiring
from examgen.jobs.wiring import Every, On
from tests.examgen.jobs import belfry
from tests.examgen.jobs.rows import nothing

Wire = Callable[..., None]


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Replace the site's wiring: `wire(On(...), On(...), periodic=[Every(...)])`."""

    def forget() -> None:
        wiring.consumers_of.cache_clear()
        wiring.consumer.cache_clear()

    with pytest.MonkeyPatch.context() as patch:

        def replace(*consumers: On, periodic: Sequence[Every] = ()) -> None:
            patch.setattr(wiring, "_read", lambda: (consumers, tuple(periodic)))
            forget()

        yield replace
    forget()


@pytest.fixture
def wired(wire: Wire, db: None) -> None:
    """One consumer, `tests.nothing`, of the event `tested`."""
    wire(On("tested", nothing, queue="fast"))


@pytest.fixture
def belfry_bell(settings) -> Iterator[None]:
    """The bell of `belfry`, where tests read what was rung."""
    belfry.clear()
    settings.BELLS = settings.BELLS | {"belfry": "tests.examgen.jobs.belfry.BELL"}
    settings.EXAMGEN_BELL = "belfry"
    yield
    belfry.clear()
