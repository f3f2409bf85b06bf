"""`make bench-api`: what the API costs over a bare view, and its lists with 5,000 rows.

    python -m tests.servers python -m tests.benchmarks.api

The bare view is Django's own, behind the same middleware, and looks into the session. The
cached answer is a view of the API that finds what it says in the cache, so its price is
that of the API itself. Boards, papers and pictures are those of the site: kept, and
known to whoever asks. What is counted is processor time of this
process, which the database does not share.
"""

from __future__ import annotations

import gc
import logging
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

from tests.benchmarks.report import Figure, sum_up, tell

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "300"))
FEW, MANY = 50, 5000
GOAL = 1.3

Ask = Callable[[], Any]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings.test")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after setup
    from django.test import override_settings  # noqa: PLC0415

    from tests.factories import stores  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    logging.disable()
    with (
        TemporaryDirectory() as folder,
        stores.using(stores.disk(Path(folder))),
        override_settings(
            ROOT_URLCONF="tests.benchmarks.bare",
            API_REQUESTS_A_MINUTE={"read": 10**9, "write": 10**9},
            ALLOWED_HOSTS=["testserver"],
        ),
    ):
        figures = [*costs(), *lists()]
    sum_up("api", figures)


def costs() -> list[Figure]:
    """Processor time of reads, each as a multiple of the bare view's.

    Both are asked in turn, and what counts is the median of their ratios: a machine that
    others slow down does so for both.
    """
    reads = _reads()
    bare = reads.pop("bare view")
    gc.collect()
    figures = []
    for name, ask in reads.items():
        pairs = [(_cpu_ms(bare), _cpu_ms(ask)) for _ in range(ROUNDS)]
        ratio = statistics.median(each / floor for floor, each in pairs)
        least = min(each for _, each in pairs)
        cached = name.startswith(("cached", "kept"))
        goal = {"goal": f"<= {GOAL}", "ok": ratio <= GOAL} if cached else {}
        figures.append(Figure(f"{name} ({least:.2f} ms)", ratio, "x bare", **goal))
        tell(figures[-1:])
    return figures


def _cpu_ms(ask: Ask) -> float:
    started = time.process_time()
    ask()
    return (time.process_time() - started) * 1000


def _reads() -> dict[str, Ask]:
    from django.test import Client  # noqa: PLC0415 - after setup

    from tests.api import crowds  # noqa: PLC0415
    from tests.api.programs import V1, Program  # noqa: PLC0415
    from tests.factories import attempts, exams, people, versions  # noqa: PLC0415

    person = people.educator("reader@example.org")
    taker = people.student("taker@example.org")
    version = versions.version(person, open_ended=True)
    attempt = attempts.started(version, taker)
    lecture = exams.lecture(person)
    board = f"exams/{version.exam_id}/scoreboard/"
    browser = Client()
    browser.force_login(person)
    found: dict[str, Ask] = {"bare view": lambda: _well(browser.get("/bare/"))}
    for name, who, path in (
        ("cached answer", person, "cached/"),
        ("kept board", person, board),
        ("kept paper", taker, f"attempts/{attempt.id}/paper/"),
        ("me", person, "me/"),
        ("50 lectures", person, crowds.lectures(person, FEW)),
    ):
        found |= _four(name, who, f"{V1}{path}")
    page = f"/exams/{version.exam_id}/scoreboard/"
    found |= _two("kept page of the board", browser, page)
    picture = f"lectures/{lecture.id}/pages/1/small.webp"
    program = Program(person)
    known = program.get(picture).headers["ETag"]
    name, if_changed = "kept picture", {"If-None-Match": known}
    url = f"{V1}{picture}"
    return found | {
        f"{name}, session, 304": _asking(browser, url, 304, **if_changed),
        f"{name}, token, 304": _asking(
            program.client, url, 304, **program.headers, **if_changed
        ),
        # Sent from the store, which opens a file: no answer that is kept.
        "picture from the store": lambda: _well(browser.get(url)),
    }


def _four(name: str, who: Any, url: str) -> dict[str, Ask]:
    """A read by session and by token, as it is and as who knows it asks."""
    from django.test import Client  # noqa: PLC0415 - after setup

    from tests.api.programs import Program  # noqa: PLC0415

    browser = Client()
    browser.force_login(who)
    program = Program(who)
    by_session = _two(f"{name}, session", browser, url)
    return by_session | _two(f"{name}, token", program.client, url, **program.headers)


def _two(name: str, client: Any, url: str, **headers: str) -> dict[str, Ask]:
    tag = client.get(url, headers=headers)["ETag"]
    known = {**headers, "If-None-Match": tag}
    return {
        name: _asking(client, url, 200, **headers),
        f"{name}, 304": _asking(client, url, 304, **known),
    }


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
