"""Lists of the API with as many rows as one likes, written at once.

One row is made as the site makes it; the others are copies, different where they must be.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from copy import copy
from hashlib import sha256
from typing import Any, TypeVar

from django.db.models import Model

from accounts.codes import new_code
from accounts.models import Enrolment, User
from accounts.states import Role
from api.models import Token
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion, QuestionRequest
from exams.states import RequestAim, RequestState
from scoring.models import Announcement, Attempt, Grade
from tests.factories import attempts, courses, deliveries, exams, people, versions

M = TypeVar("M", bound=Model)
Fill = Callable[[User, int], str]


def _copies(row: M, number: int, /, **changes: Callable[[int], Any]) -> list[M]:
    """So many more of a row, each with a key of its own."""

    def made() -> Iterator[M]:
        for n in range(1, number + 1):
            other = copy(row)
            other._state = copy(row._state)
            other._state.fields_cache = {}
            other.pk = uuid.uuid4()
            for name, change in changes.items():
                setattr(other, name, change(n))
            yield other

    return type(row)._base_manager.bulk_create(made(), batch_size=500)


def _hash(n: int) -> str:
    return sha256(str(n).encode()).hexdigest()


def _users(number: int) -> list[User]:
    person = people.student(f"{uuid.uuid4()}@example.org")
    return _copies(person, number, email=lambda _: f"{uuid.uuid4()}@example.org")


def _graded(grade: Grade, others: list[Attempt]) -> None:
    """The same grade for others."""
    rows = [copy(grade) for _ in others]
    for row, attempt in zip(rows, others, strict=True):
        row._state = copy(grade._state)
        row._state.fields_cache = {}
        row.pk, row.attempt_id = None, attempt.pk
    Grade.objects.bulk_create(rows, batch_size=500)


def tokens(owner: User, number: int) -> str:
    row = Token.objects.for_user(owner)[0]
    _copies(row, number, digest=lambda n: f"{uuid.uuid4().hex}{n:032}")
    return "tokens/"


def lectures(owner: User, number: int) -> str:
    exam = exams.exam(owner)
    made = _copies(exam.lecture, number, sha256=lambda _: _hash(uuid.uuid4().int))
    _copies(exam, number, lecture_id=lambda n: made[n - 1].pk)
    return "lectures/"


def pages(owner: User, number: int) -> str:
    lecture = exams.lecture(owner)
    (row, *_) = lecture.pages.order_by("-number")
    _copies(row, number, number=lambda n: row.number + n)
    return f"lectures/{lecture.id}/pages/"


def _versions(owner: User, number: int) -> list[ExamVersion]:
    """Published exams, each of its own."""
    version = versions.version(owner)
    made = _copies(version.exam, number)
    return _copies(
        version, number, exam_id=lambda n: made[n - 1].pk, code=lambda _: new_code()
    )


def exams_of(owner: User, number: int) -> str:
    _versions(owner, number)
    return "exams/"


def to_grade(owner: User, number: int) -> str:
    made = _versions(owner, number)
    person = people.student(f"{uuid.uuid4()}@example.org")
    row = attempts.attempt(made[0], person)
    grade = attempts.grade(row, complete=False)
    others = _copies(row, number - 1, version_id=lambda n: made[n].pk)
    _graded(grade, others)
    return "grading/"


def announcements(owner: User, number: int) -> str:
    version = versions.version(owner)
    Announcement.objects.bulk_create(
        Announcement(
            version=version, text=f"No. {n}", announced_by=owner, created_at=now()
        )
        for n in range(number)
    )
    return f"exams/{version.exam_id}/announcements/"


def questions(owner: User, number: int) -> str:
    exam = exams.exam(owner)
    row = exam.questions.order_by("-position")[0]
    _copies(row, number, position=lambda n: row.position + n)
    return f"exams/{exam.id}/questions/"


def requests(owner: User, number: int) -> str:
    exam = exams.exam(owner)
    moment = now()
    QuestionRequest.objects.bulk_create(
        QuestionRequest(
            exam=exam,
            aim=RequestAim.ADD,
            state=RequestState.DONE,
            first_page=1,
            last_page=1,
            created_at=moment,
            ended_at=moment,
        )
        for _ in range(number)
    )
    return f"exams/{exam.id}/requests/"


def exam_results(owner: User, number: int) -> str:
    version = versions.version(owner)
    users = _users(number)
    row = attempts.attempt(version, people.student(f"{uuid.uuid4()}@example.org"))
    grade = attempts.grade(row)
    made = _copies(row, number, user_id=lambda n: users[n - 1].pk)
    _graded(grade, made)
    return f"exams/{version.exam_id}/results/"


def courses_of(owner: User, number: int) -> str:
    _copies(courses.course(owner), number, code=lambda _: new_code())
    return "courses/"


def _enrolled(owner: User, number: int, role: str, where: str) -> str:
    course = courses.course(owner)
    Enrolment.objects.bulk_create(
        Enrolment(course=course, user=user, role=role, created_at=now())
        for user in _users(number)
    )
    return f"courses/{course.id}/{where}/"


def educators(owner: User, number: int) -> str:
    return _enrolled(owner, number, Role.EDUCATOR, "educators")


def students(owner: User, number: int) -> str:
    return _enrolled(owner, number, Role.STUDENT, "students")


def invitations(owner: User, number: int) -> str:
    course = courses.course(owner)
    row = courses.invite(course, f"{uuid.uuid4()}@example.org")
    _copies(row, number, email=lambda _: f"{uuid.uuid4()}@example.org")
    return f"courses/{course.id}/invitations/"


def courses_attended(person: User, number: int) -> str:
    owner = people.educator(f"{uuid.uuid4()}@example.org")
    made = _copies(courses.course(owner), number, code=lambda _: new_code())
    Enrolment.objects.bulk_create(
        Enrolment(course=course, user=person, created_at=now()) for course in made
    )
    return "me/courses/"


def attempts_of(person: User, number: int) -> str:
    version = versions.version(people.educator(f"{uuid.uuid4()}@example.org"))
    _copies(attempts.attempt(version, person), number, number=lambda n: n + 1)
    return "attempts/"


def notifications(person: User, number: int) -> str:
    row = deliveries.told(exams.exam(person))
    _copies(row, number, event=lambda _: uuid.uuid4())
    return "notifications/"


def scoreboard(owner: User, number: int) -> str:
    version = versions.version(owner, kinds=[Kind.TRUE_FALSE])
    users = _users(number)
    row = attempts.attempt(version, people.student(f"{uuid.uuid4()}@example.org"))
    made = _copies(row, number, user_id=lambda n: users[n - 1].pk)
    attempts.board(version, *made)
    return f"exams/{version.exam_id}/scoreboard/"


# Every list, by its operation: its rows are made, and its address returned.
FILLS: dict[str, Fill] = {
    "announcements": announcements,
    "attempts": attempts_of,
    "courses": courses_of,
    "courses_attended": courses_attended,
    "educators": educators,
    "exam_results": exam_results,
    "exams": exams_of,
    "invitations": invitations,
    "lectures": lectures,
    "notifications": notifications,
    "pages": pages,
    "questions": questions,
    "requests": requests,
    "scoreboard": scoreboard,
    "students": students,
    "to_grade": to_grade,
    "tokens": tokens,
}
