"""Fill the demo: three people, the sample lectures, and exams drafted from them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.states import Role
from examgen.jobs.wiring import QUEUES
from examgen.jobs.worker import Worker
from exams import samples
from exams.services.lectures import upload_lecture
from exams.services.wishes import Wish

PASSWORD = "examgen-demo"  # noqa: S105 - public on purpose, and bound to loopback


class Command(BaseCommand):
    help = "Create demo people, lectures and exams; run it as often as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-demo", action="store_true", help="outside the demo do nothing"
        )

    def handle(self, *, if_demo: bool, **_: Any) -> None:
        if not settings.DEMO:
            if if_demo:
                self.stdout.write("No demo (EXAMGEN_DEMO is off): nothing to do.")
                return
            raise CommandError("Only in the demo: set EXAMGEN_DEMO=1.")
        educator = _person("educator@example.com", "Demo Educator", Role.EDUCATOR)
        _person("student@example.com", "Demo Student", Role.STUDENT)
        _person("admin@example.com", "Demo Admin", Role.EDUCATOR, admin=True)
        if educator.lectures.exists():
            self.stdout.write("Demo ready.")
            return
        self.stdout.write("Preparing the demo: sample lectures become exams ...")
        self.stdout.flush()
        for sample in samples.SAMPLES:
            upload_lecture(
                owner=educator,
                file=File(BytesIO(samples.build(sample.name)), name=sample.file_name),
                name=sample.file_name,
                wish=Wish(questions=12),
            )
        # So that the first page shows drafts; later work is the workers'.
        done = Worker(QUEUES).drain()
        self.stdout.write(f"Demo ready ({done} jobs run).")


def _person(email: str, name: str, role: Role, *, admin: bool = False) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email, PASSWORD, name=name, role=role, is_staff=admin, is_superuser=admin
        )
    EmailAddress.objects.get_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user
