from __future__ import annotations

from io import StringIO

from django.core.management import call_command

from examgen.jobs import wiring
from examgen.jobs.wiring import Every, On
from tests.examgen.jobs.rows import nothing


def shown() -> list[str]:
    out = StringIO()
    call_command("show_wiring", stdout=out)
    return out.getvalue().splitlines()


def test_every_entry_is_printed_on_a_line_of_its_own(wire) -> None:
    wire(
        On("tested", nothing, queue="heavy", coalesce=True),
        On("earlier", nothing, queue="fast"),
        periodic=[Every(60, list, name="tests.sweep")],
    )
    assert shown() == [
        "earlier              -> tests.nothing (fast)",
        "tested               -> tests.nothing (heavy, coalesced)",
        "every 60 s           -> tests.sweep",
    ]


def test_the_whole_wiring_of_the_site_is_printed() -> None:
    lines = shown()
    assert len(lines) == len(wiring.wiring()) + len(wiring.periodic())
    for on in wiring.wiring():
        (line,) = (
            line
            for line in lines
            if line.startswith(f"{on.event} ") and f" {on.name} " in line
        )
        how = f"{on.queue}, coalesced" if on.coalesce else on.queue
        assert line.endswith(f"({how})")
    for every in wiring.periodic():
        expected = f"{f'every {every.seconds} s':20} -> {every.name}"
        assert expected in lines
