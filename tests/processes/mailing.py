"""What the tests of mails do through a site's services, in a process of its own."""

from __future__ import annotations

from examgen.jobs.events import record
from exams.states import ExamState
from tests.factories import courses, exams, people, versions


def publish(students: str) -> None:
    """Publish an exam for a course of so many students."""
    educator = people.educator()
    course = courses.course(educator)
    for number in range(int(students)):
        courses.enrol(course, people.student(f"s{number:02}@example.org"))
    exam = exams.exam(educator, state=ExamState.PUBLISHED)
    version = versions.version(
        educator, course=course, exam=exam, document=exam.document
    )
    record("exam.published", version, actor=educator.id)
