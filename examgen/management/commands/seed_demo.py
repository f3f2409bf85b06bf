"""Fill the demo: people, sample lectures and their drafts, a course with two exams."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.states import Role
from examgen.demo import people
from examgen.demo.story import Story
from examgen.jobs.wiring import QUEUES
from examgen.jobs.worker import Worker


class Command(BaseCommand):
    help = "Fill the demo with people, lectures and exams; run it as often as you like."

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
        people.person(people.ADMIN, "Demo Admin", Role.EDUCATOR, admin=True)
        story = Story(
            educator=people.person(people.EDUCATOR, "Demo Educator", Role.EDUCATOR),
            student=people.person(people.STUDENT, "Demo Student", Role.STUDENT),
            taker=people.person(people.TAKER, "Demo Taker", Role.STUDENT),
        )
        if story.is_told:
            self.stdout.write("Demo ready.")
            return
        self.stdout.write("Preparing the demo: sample lectures become exams ...")
        self.stdout.flush()
        with _quietly():
            story.ask()
            # So that the first page shows all this; later work is the workers'.
            worker = Worker(QUEUES)
            done = worker.drain()
            told = story.tell()
            done += worker.drain()
        if told:
            self.stdout.write(f"Demo ready ({done} jobs run).")
        else:
            # Other workers have the drafting in hand.
            self.stdout.write("Exams are being drafted; run it again for the rest.")


@contextmanager
def _quietly() -> Iterator[None]:
    """Leave out the hundreds of lines about what went well."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
