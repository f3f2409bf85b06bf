"""What a look at a board costs: made, kept, and known to the browser already.

    python -m tests.servers python -m tests.benchmarks.boards

CPU of this process and wall time of one look, on boards of several sizes, without the
network and without a Redis: pages are kept in memory.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

from tests.benchmarks.report import Figure, show

SIZES = tuple(int(size) for size in os.environ.get("SIZES", "30,300,3000").split(","))
LOOKS = int(os.environ.get("LOOKS", "40"))
GOAL_RATIO = 2.0


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings.test")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after setup

    call_command("migrate", verbosity=0)
    figures: list[Figure] = []
    for size in SIZES:
        figures += _board(size)
    show("boards", figures)


def _board(size: int) -> list[Figure]:
    from django.conf import settings  # noqa: PLC0415 - after setup
    from django.core.cache import caches  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    owner, page = _filled(size)
    browser = Client()
    browser.force_login(owner)
    tag = browser.get(page)["ETag"]

    def made() -> Any:
        caches["pages"].clear()
        return browser.get(page)

    def kept() -> Any:
        return browser.get(page)

    def known() -> Any:
        return browser.get(page, headers={"If-None-Match": tag})

    looks = {"made": made, "kept": kept, "known": known}
    cost = {name: _median(look) for name, look in looks.items()}
    figures = [
        Figure(f"{size} people: {name}, {what}", value, "ms")
        for name, values in cost.items()
        for what, value in zip(("CPU", "wall"), values, strict=True)
    ]
    for name in ("kept", "known"):
        ratio = cost["made"][0] / cost[name][0]
        goal = f">= {GOAL_RATIO}"
        told = f"{size} people: made / {name}, CPU"
        figures.append(Figure(told, ratio, "x", goal, ratio >= GOAL_RATIO))
    return figures


def _median(look: Callable[[], Any]) -> tuple[float, float]:
    """CPU and wall time of one look, in ms."""
    look()
    work, wall = [], []
    for _ in range(LOOKS):
        cpu, start = time.process_time(), time.perf_counter()
        look()
        work.append(time.process_time() - cpu)
        wall.append(time.perf_counter() - start)
    return statistics.median(work) * 1000, statistics.median(wall) * 1000


def _filled(size: int) -> tuple[Any, str]:
    """An educator, and the address of the board of so many people."""
    from decimal import Decimal  # noqa: PLC0415

    from django.urls import reverse  # noqa: PLC0415 - after setup

    from accounts.models import User  # noqa: PLC0415
    from exams.content import Kind  # noqa: PLC0415
    from scoring.models import Attempt, ScoreboardEntry, ScoreCount  # noqa: PLC0415
    from tests.factories import attempts, people, versions  # noqa: PLC0415

    owner = people.educator(f"board-{size}@example.org")
    version = versions.version(owner, kinds=[Kind.TRUE_FALSE], pass_percent="50")
    users = User.objects.bulk_create(
        User(email=f"{size}-{n}@example.org", name=f"Student {n}") for n in range(size)
    )
    first = attempts.started(version, users[0])
    fields = {
        field.attname: getattr(first, field.attname)
        for field in Attempt._meta.concrete_fields
        if field.attname not in ("id", "user_id")
    }
    rest = Attempt.objects.bulk_create(
        [Attempt(user=user, **fields) for user in users[1:]], batch_size=500
    )
    steps = [Decimal(n % 101) / 100 for n in range(size)]
    ScoreboardEntry.objects.bulk_create(
        [
            ScoreboardEntry(
                version=version, user=attempt.user, attempt=attempt, points=points
            )
            for attempt, points in zip([first, *rest], steps, strict=True)
        ],
        batch_size=500,
    )
    ScoreCount.objects.bulk_create(
        ScoreCount(version=version, points=points, people=steps.count(points))
        for points in set(steps)
    )
    return owner, reverse("scoreboard", args=[version.exam_id])


if __name__ == "__main__":
    main()
