"""What process tests do through the services of a site, in a process of its own."""

from __future__ import annotations

from io import BytesIO

from django.core.files.base import File

from accounts.models import User
from examgen.jobs.worker import Worker
from exams import samples
from exams.services.lectures import upload_lecture
from exams.services.wishes import Wish
from tests.factories import people


def upload(*names: str) -> None:
    """Upload sample lectures for the one educator of the site."""
    for name in names:
        send(name, samples.build(name))


def send(name: str, pdf: bytes) -> None:
    upload_lecture(
        owner=User.objects.first() or people.educator(),
        file=File(BytesIO(pdf), name=f"{name}.pdf"),
        name=f"{name}.pdf",
        wish=Wish(questions=24),
    )


def send_as_newcomer(name: str) -> None:
    """Upload a sample lecture for somebody who was not there before."""
    upload_lecture(
        owner=people.educator("newcomer@example.org"),
        file=File(BytesIO(samples.build(name)), name=f"{name}.pdf"),
        name=f"{name}.pdf",
        wish=Wish(questions=6),
    )


def do_the_rest() -> None:
    """Do what the quick queue has to do."""
    Worker(["fast"]).drain()
