"""Who listens to what: the lists in each app's `wiring.py`, read once at start-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from django.apps import apps
from django.utils.module_loading import module_has_submodule

if TYPE_CHECKING:
    from examgen.jobs.runner import Run

Queue = Literal["fast", "heavy"]
QUEUES: tuple[Queue, ...] = ("fast", "heavy")


@dataclass(frozen=True, slots=True)
class On:
    """`consumer` gets a job in `queue` for every event called `event`.

    With `coalesce`, one run also settles the waiting jobs of the same subject that
    stood in the queue before it started reading. `about` names the fact of the event
    that holds the job's subject, where it is not the event's own: grades are of an
    attempt, boards of an exam.
    """

    event: str
    consumer: Callable[[Run], None]
    queue: Queue
    coalesce: bool = False
    about: str = ""

    @property
    def name(self) -> str:
        """The consumer's stable name, `<app>.<function>`."""
        app = self.consumer.__module__.split(".", 1)[0]
        return f"{app}.{self.consumer.__name__}"


@dataclass(frozen=True, slots=True)
class Every:
    """`work` runs at most once per `seconds`, whichever worker comes first."""

    seconds: int
    work: Callable[[], object]
    name: str


@cache
def _read() -> tuple[tuple[On, ...], tuple[Every, ...]]:
    consumers: list[On] = []
    periodic: list[Every] = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "wiring") and config.label != "jobs":
            module = import_module(f"{config.name}.wiring")
            consumers += module.WIRING
            periodic += getattr(module, "PERIODIC", [])
    return tuple(consumers), tuple(periodic)


def wiring() -> tuple[On, ...]:
    return _read()[0]


def periodic() -> tuple[Every, ...]:
    return _read()[1]


@cache
def consumers_of() -> dict[str, tuple[On, ...]]:
    """Map each event name to its consumers."""
    table: dict[str, list[On]] = defaultdict(list)
    for on in wiring():
        table[on.event].append(on)
    return {event: tuple(listeners) for event, listeners in table.items()}


@cache
def consumer(name: str) -> On | None:
    """Find a consumer by name; None when this release no longer has it."""
    return next((on for on in wiring() if on.name == name), None)
