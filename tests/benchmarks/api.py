"""`make bench-api`: what the API costs over a bare view, and its lists with 5,000 rows.

    python -m tests.servers python -m tests.benchmarks.api

The bare view is Django's own, behind the same middleware, and looks into the session. The
cached answer is a view of the API that finds what it says in the cache, so its price is
that of the API itself; real reads add their queries. Each is asked in turn, a few requests at a time, so that a machine that slows down
does so for all of them. What is counted is processor time of this process, which the
database does not share.
"""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Callable
from typing import Any

import django

from tests.benchmarks.report import Figure, sum_up, tell

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
REQUESTS = 20
FEW, MANY = 50, 5000
GOAL = 1.3

Ask = Callable[[], Any]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings.test")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after setup
    from django.test import override_settings  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    logging.disable()
    with override_settings(
        ROOT_URLCONF="tests.benchmarks.bare",
        API_REQUESTS_A_MINUTE={"read": 10**9, "write": 10**9},
        ALLOWED_HOSTS=["testserver"],
    ):
        figures = [*costs(), *lists()]
    sum_up("api", figures)


def costs() -> list[Figure]:
    """Processor time of reads, each as a multiple of the bare view's."""
    spent = dict.fromkeys(reads := _reads(), float("inf"))
    for _ in range(ROUNDS):
        for name, ask in reads.items():
            # The least of all rounds: whatever else the machine did is in the others.
            spent[name] = min(spent[name], _cpu_ms(ask))
    floor = spent["bare view"]
    figures = []
    for name, each in spent.items():
        ratio = each / floor
        goal = {"goal": f"<= {GOAL}", "ok": ratio <= GOAL} if "cached" in name else {}
        figures.append(Figure(f"{name} ({each:.2f} ms)", ratio, "x bare", **goal))
    tell(figures)
    return figures


def _cpu_ms(ask: Ask) -> float:
    gc.collect()
    started = time.process_time()
    for _ in range(REQUESTS):
        ask()
    return (time.process_time() - started) * 1000 / REQUESTS


def _reads() -> dict[str, Ask]:
    from django.test import Client  # noqa: PLC0415 - after setup

    from tests.api import crowds  # noqa: PLC0415
    from tests.api.programs import V1, Program  # noqa: PLC0415
    from tests.factories import people  # noqa: PLC0415

    person = people.educator("reader@example.org")
    browser = Client()
    browser.force_login(person)
    program = Program(person)
    found: dict[str, Ask] = {"bare view": lambda: _well(browser.get("/bare/"))}
    for name, path in (
        ("cached answer", "cached/"),
        ("me", "me/"),
        ("50 lectures", crowds.lectures(person, FEW)),
    ):
        url = f"{V1}{path}"
        known = program.get(path).headers["ETag"]
        by_token = program.headers
        if_changed = {"If-None-Match": known}
        found |= {
            f"{name}, session": _asking(browser, url, 200),
            f"{name}, session, 304": _asking(browser, url, 304, **if_changed),
            f"{name}, token": _asking(program.client, url, 200, **by_token),
            f"{name}, token, 304": _asking(
                program.client, url, 304, **by_token, **if_changed
            ),
        }
    return found


def _asking(client: Any, url: str, status: int, **headers: str) -> Ask:
    return lambda: _well(client.get(url, headers=headers), status)


def _well(answer: Any, status: int = 200) -> None:
    assert answer.status_code == status, answer.status_code


def lists() -> list[Figure]:
    """How many queries each list costs with few rows and with many."""
    from django.db import connection  # noqa: PLC0415 - after setup
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from tests.api.crowds import FILLS  # noqa: PLC0415
    from tests.api.programs import Program  # noqa: PLC0415
    from tests.factories import people  # noqa: PLC0415

    figures = []
    for name, fill in FILLS.items():
        person = people.educator(f"{name}@example.org")
        program = Program(person)
        program.get("me/")
        counted = []
        for number in (FEW, MANY - FEW):
            path = fill(person, number)
            with CaptureQueriesContext(connection) as queries:
                _well(program.get(path))
            counted.append(
                sum("clock_timestamp" not in query["sql"] for query in queries)
            )
        few, many = counted
        figures.append(
            Figure(f"{name}, {MANY} rows", many, "queries", f"= {few}", many == few)
        )
        tell(figures[-1:])
    return figures


if __name__ == "__main__":
    main()
