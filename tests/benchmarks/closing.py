"""How long 5,000 attempts wait that all end in the same moment.

    python -m tests.servers python -m tests.benchmarks.closing

Two processes sweep, as the two workers of a small site do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import django

from tests.benchmarks.report import Figure, show

ATTEMPTS = int(os.environ.get("ATTEMPTS", "5000"))
QUESTIONS = 20
WORKERS = 2
GOAL_SECONDS = 15.0
GOAL_WORK = 4.0
SWEEP = """
import time
from scoring.services.closing import close_expired
start, work = time.monotonic(), time.process_time()
print(close_expired(), time.monotonic() - start, time.process_time() - work)
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings.test")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after setup

    from examgen.jobs.invariants import Violation  # noqa: PLC0415
    from scoring.invariants import INVARIANTS  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    fill()
    start = time.monotonic()
    sweepers = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", SWEEP],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(WORKERS)
    ]
    said = [sweeper.communicate()[0].split() for sweeper in sweepers]
    whole = time.monotonic() - start
    assert sum(int(count) for count, _, _ in said) == ATTEMPTS, said
    broken: list[Violation] = [v for check in INVARIANTS for v in check()]
    assert broken == [], broken[:3]
    longest = max(float(seconds) for _, seconds, _ in said)
    work = sum(float(seconds) for _, _, seconds in said)
    show(
        "closing",
        [
            _figure(f"{ATTEMPTS} expired attempts closed", longest, "s", GOAL_SECONDS),
            _figure("the same with the start of Python", whole, "s", GOAL_SECONDS),
            # The clock of a busy machine tells little, its processor more.
            _figure("processor per attempt", 1000 * work / ATTEMPTS, "ms", GOAL_WORK),
        ],
    )


def _figure(name: str, value: float, unit: str, most: float) -> Figure:
    return Figure(name, value, unit, goal=f"<= {most:g}", ok=value <= most)


def fill() -> None:
    """Everybody has answered everything, and their time was over a minute ago."""
    from exams.content import Kind  # noqa: PLC0415
    from tests.factories import many, people, versions  # noqa: PLC0415

    machine = [kind for kind in Kind if kind is not Kind.ESSAY]
    kinds = (machine * 3)[:QUESTIONS]
    version = versions.version(people.educator(), kinds=kinds, minutes=30)
    given = versions.right_answers(version)
    many.run_out(version, [given] * ATTEMPTS)


if __name__ == "__main__":
    main()
