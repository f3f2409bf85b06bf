from __future__ import annotations

from collections.abc import Callable

from django.apps import apps
from django.db.models.signals import post_save

from examgen.jobs import receivers, wiring
from examgen.jobs.models import Event, Job
from examgen.jobs.wiring import QUEUES, Every, On
from tests.examgen.conftest import Wire


def first(run: object) -> None:
    """A consumer."""


def second(run: object) -> None:
    """Another."""


def test_a_consumer_is_named_by_its_app_and_function() -> None:
    assert On("tested", first, queue="fast").name == "tests.first"


def test_consumers_are_found_by_event_in_the_order_of_the_lists(wire: Wire) -> None:
    one = On("tested", first, queue="fast")
    two = On("tested", second, queue="heavy")
    other = On("other", first, queue="fast")
    wire(one, other, two)
    assert wiring.consumers_of() == {"tested": (one, two), "other": (other,)}
    assert wiring.wiring() == (one, other, two)


def test_consumers_are_found_by_name(wire: Wire) -> None:
    one, two = On("a", first, queue="fast"), On("b", second, queue="fast")
    wire(one, two)
    assert wiring.consumer("tests.second") == two
    assert wiring.consumer("tests.gone") is None


def test_periodic_work_is_listed(wire: Wire) -> None:
    every = Every(60, list, name="tested")
    wire(periodic=[every])
    assert wiring.periodic() == (every,)


def test_the_lists_of_every_app_are_read() -> None:
    by_name = {config.name for config in apps.get_app_configs()}
    assert {"exams", "accounts"} <= by_name
    assert {on.name for on in wiring.wiring()} >= {
        "exams.read_lecture",
        "exams.generate_exam",
    }


def test_the_sites_wiring_is_sound() -> None:
    """Each consumer has one name, one queue and one entry per event."""
    entries = wiring.wiring()
    assert {on.queue for on in entries} <= set(QUEUES)
    assert len({(on.event, on.name) for on in entries}) == len(entries)
    named = {on.name: on.consumer for on in entries}
    assert all(named[on.name] is on.consumer for on in entries)
    names = [every.name for every in wiring.periodic()]
    assert len(set(names)) == len(names)
    assert all(every.seconds >= 1 for every in wiring.periodic())


def test_both_signals_are_connected_once() -> None:
    def ours(sender: type[Event | Job]) -> list[Callable[..., None]]:
        return [
            receiver
            for receiver in post_save._live_receivers(sender)[0]
            if receiver.__module__ == receivers.__name__
        ]

    assert ours(Event) == [receivers.add_jobs]
    assert ours(Job) == [receivers.ring]
