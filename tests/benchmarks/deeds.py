"""What benchmarks do through the services of their site, in a process of its own."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta
from io import BytesIO

from django.conf import settings
from django.core.files.base import File
from django.test import Client

from accounts.models import User
from examgen.jobs import bell
from examgen.jobs.clock import now
from examgen.jobs.events import record_about
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from exams import samples
from exams.services.lectures import upload_lecture
from exams.services.wishes import Wish
from tests.benchmarks.lectures import another
from tests.factories import people

_ADDRESS = "bench@example.org"
_LATER = timedelta(hours=1)


def _educator() -> User:
    return User.objects.filter(email=_ADDRESS).first() or people.educator(_ADDRESS)


def ring(times: int) -> None:
    """Record one event after the other, each with a quick consumer."""
    for _ in range(times):
        subject = uuid.uuid4()
        record_about("exam.deleted", "exam", subject, prefix=f"u/nobody/{subject}")
        bell.flush()
        time.sleep(0.03)


def upload_for_later(number: int, label: str) -> None:
    """Upload so many lectures, which are not due before somebody says so."""
    upload(number, label)
    Job.objects.filter(state=JobState.QUEUED).update(run_after=now() + _LATER)


def let_go() -> None:
    """Let everything that waits be due, and ring for it."""
    waiting = Job.objects.filter(state=JobState.QUEUED).order_by("created_at")
    waiting.update(run_after=now())
    for job in waiting:
        bell.ring(bell.Ring(job.id, job.consumer, job.queue))
    bell.flush()


def upload(number: int, label: str) -> None:
    """Upload so many lectures; each is the same but for its last bytes."""
    owner = _educator()
    pdf = samples.build("computer-networks")
    for index in range(number):
        content = another(pdf, f"{label}-{index}")
        upload_lecture(
            owner=owner,
            file=File(BytesIO(content), name=f"{index}.pdf"),
            name=f"lecture {label} {index}.pdf",
            wish=Wish(questions=5),
        )


def sign_in() -> None:
    """Print the cookie of a signed-in educator."""
    client = Client()
    client.force_login(_educator(), settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    print(f"{name}={client.cookies[name].value}")
