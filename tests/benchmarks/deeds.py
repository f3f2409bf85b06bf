"""What benchmarks do through the services of their site, in a process of its own."""

from __future__ import annotations

import time
import uuid
from io import BytesIO

from django.conf import settings
from django.core.files.base import File
from django.test import Client

from accounts.models import User
from examgen.jobs import bell
from examgen.jobs.events import record_about
from exams import samples
from exams.services.lectures import upload_lecture
from exams.services.wishes import Wish
from tests.factories import people

_ADDRESS = "bench@example.org"


def _educator() -> User:
    return User.objects.filter(email=_ADDRESS).first() or people.educator(_ADDRESS)


def ring(times: int) -> None:
    """Record one event after the other, each with a quick consumer."""
    for _ in range(times):
        subject = uuid.uuid4()
        record_about("exam.deleted", "exam", subject, prefix=f"u/nobody/{subject}")
        bell.flush()
        time.sleep(0.03)


def upload(number: int, label: str = "") -> None:
    """Upload so many lectures; each is the same but for its last bytes."""
    owner = _educator()
    pdf = samples.build("computer-networks")
    for index in range(number):
        # A comment after the end changes the file and nothing that is read.
        content = pdf + f"\n%{label}-{index}\n".encode()
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
