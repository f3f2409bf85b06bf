"""What the tests of mails do through a site's services, in a process of its own."""

from __future__ import annotations

from examgen.jobs.events import record
from exams.states import ExamState
from tests.factories import audience, exams, people


def publish(students: str) -> None:
    """Publish an exam for a course of so many students."""
    educator = people.educator()
    course = audience.course(educator)
    made = [people.student(f"s{n:02}@example.org") for n in range(int(students))]
    audience.enrol(course, *made)
    exam = exams.exam(educator, state=ExamState.PUBLISHED)
    version = audience.version(educator, of=course, exam=exam, document=exam.document)
    record("exam.published", version, actor=educator.id)
