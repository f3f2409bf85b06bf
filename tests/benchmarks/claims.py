"""`make bench-claims`: what SKIP LOCKED is worth when many workers claim at once.

Threads empty a queue on a private PostgreSQL, in turns by `claims.claim` and by its
conditional update alone, which is how it is done on SQLite. The ratio compares turns
that follow one another; its median is over all of them.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import django
from django.core.management import call_command

THREADS = int(os.environ.get("BENCH_THREADS", "8"))
JOBS = int(os.environ.get("BENCH_JOBS", "600"))
TURNS = int(os.environ.get("BENCH_TURNS", "8"))

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings")
os.environ["EXAMGEN_ROLE"] = "work"
django.setup()

from django.db import connection  # noqa: E402

from examgen.jobs import claims  # noqa: E402
from examgen.jobs.clock import now  # noqa: E402
from examgen.jobs.events import record_about  # noqa: E402
from examgen.jobs.models import Job  # noqa: E402
from tests.benchmarks.report import Figure, show  # noqa: E402

Claim = Callable[[], Job | None]


def by_skipping() -> Job | None:
    return claims.claim(["fast"])


def by_update_alone() -> Job | None:
    waiting = claims.due(["fast"], now()).order_by("run_after", "created_at")
    for job_id in waiting.values_list("id", flat=True)[:8]:
        if job := claims.claim_one(job_id):
            return job
    return None


def fill() -> None:
    Job.objects.all().delete()
    event = record_about("benched", "bench", uuid.uuid4())
    at = now() - timedelta(hours=1)
    Job.objects.bulk_create(
        Job(
            key=str(uuid.uuid4()),
            consumer="bench",
            queue="fast",
            event=event,
            subject=event.subject_id,
            run_after=at + timedelta(milliseconds=number),
            created_at=at,
        )
        for number in range(JOBS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE jobs_job")


def per_second(claim: Claim) -> float:
    """How many claims a second all threads make together."""
    fill()
    taken: list[uuid.UUID] = []
    start = threading.Barrier(THREADS + 1)

    def work() -> None:
        connection.ensure_connection()
        start.wait()
        while job := claim():
            taken.append(job.id)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    assert len(taken) == len(set(taken)) == JOBS, "lost or doubled"
    return JOBS / seconds


def main() -> None:
    call_command("migrate", verbosity=0)
    alone, skipping = [], []
    for _ in range(TURNS):
        alone.append(per_second(by_update_alone))
        skipping.append(per_second(by_skipping))
    ratios = [ours / theirs for ours, theirs in zip(skipping, alone, strict=True)]
    show(
        "claims",
        [
            Figure("threads", THREADS, ""),
            Figure("by the update alone", statistics.median(alone), "claims/s"),
            Figure(
                "by skipping what is locked", statistics.median(skipping), "claims/s"
            ),
            Figure("ratio", statistics.median(ratios), "x"),
        ],
    )


if __name__ == "__main__":
    main()
