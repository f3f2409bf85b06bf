"""Lectures for tests, from the sample lectures and from a real upload."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from django.core.files.base import File

from accounts.models import User
from examgen.jobs.wiring import QUEUES
from examgen.jobs.worker import Worker
from exams import samples
from exams.models import Exam, Lecture
from exams.services.lectures import upload_lecture
from exams.services.wishes import Wish

SAMPLE = "plant-cells"


@cache
def pdf(name: str = SAMPLE) -> bytes:
    """The bytes of a sample lecture, built once per process."""
    return samples.build(name)


def uploaded(
    owner: User,
    *,
    content: bytes | None = None,
    name: str = "week1.pdf",
    wish: Wish | None = None,
) -> Lecture:
    """Upload a lecture; its jobs wait."""
    upload = upload_lecture(
        owner=owner,
        file=File(BytesIO(content if content is not None else pdf()), name=name),
        name=name,
        wish=wish or Wish(questions=6),
    )
    return upload.lecture


def drafted(owner: User, *, wish: Wish | None = None) -> Exam:
    """Upload a lecture and let the workers draft its exam."""
    lecture = uploaded(owner, wish=wish)
    run_jobs()
    return lecture.exams.get()


def run_jobs() -> int:
    """Run every due job here and return how many there were."""
    return Worker(QUEUES).drain()
