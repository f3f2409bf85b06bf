"""Whose requests they are, and what the ids and names in them are filled with.

Random ids are nobody's: nearly all requests would end with 404. So requests are sent by
people who have something, about what they have. An operation takes part by itself as soon
as some scene knows the parameters of its path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Course, User
from accounts.services.courses import invitation_token
from api.models import Token
from examgen.jobs.clock import now
from examgen.jobs.models import Job
from exams.content import Kind
from exams.formats.examgen_json import body_to_dict
from exams.models import Exam, ExamVersion, Lecture, QuestionRequest
from exams.services import publishing as doors
from exams.services.question_rows import put_by
from exams.services.requests import regenerate
from exams.states import ExamState, LectureState, RequestAim, RequestState
from scoring.models import Attempt
from scoring.services.receipts import seal_of
from tests.api.programs import token
from tests.factories import (
    attempts,
    courses,
    deliveries,
    exams,
    lectures,
    people,
    publishing,
    versions,
)
from tests.test_routes import peopled

KINDS = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.ESSAY)


@dataclass(frozen=True, slots=True)
class Scene:
    """A person, by their token, and what they ask about.

    `path` are parameters of addresses; `fields` are fields of bodies, by their name.
    """

    secret: str
    path: Mapping[str, Any]
    fields: Mapping[str, Any] = field(default_factory=dict)


def made() -> list[Scene]:
    """Make the people and what they have, with everything that is done later."""
    found = list(_scenes())
    lectures.run_jobs()
    return found


def _scenes() -> Iterator[Scene]:
    owner = people.educator("owner@example.org")
    student = people.student("student@example.org")
    admin = people.admin()
    owners, students, admins = token(owner), token(student), token(admin)
    course = peopled(courses.course(owner), student)
    course.invitations.update(sent_at=now() - publishing.WEEK)

    def published(**rules: Any) -> ExamVersion:
        return publishing.published(owner, course=course, kinds=KINDS, **rules)

    over = published(release="at_submit")
    handed_in = attempts.closed(over, student)
    closed = published()
    doors.close_exam(version=closed, actor=owner.id)
    running = published(release="at_submit")
    begun = attempts.started(running, student)
    draft = exams.exam(owner, kinds=KINDS)
    elsewhere = people.educator("elsewhere@example.org")
    fields = {
        "attempt_id": str(begun.id),
        "shown": f"{handed_in.receipt} {seal_of(handed_in)}",
        # That of the course was sent so long ago that it may be sent again.
        "token": invitation_token(courses.invite(courses.course(elsewhere))),
        "decision": "rejected",
        "file": lectures.pdf(),
        "email": people.educator("other@example.org").email,
        "course": str(course.id),
        "stem": "Which pigment is green?",
        "points": "2",
        "explanation": "",
        "body": body_to_dict(draft.questions.all()[0].as_content().body),
        "opens_at": now().isoformat(),
        "minutes": 30,
        "attempts": 1,
        "pass_percent": 50,
        "release": "manual",
        "negative_marking": False,
        "closes_at": (now() + publishing.WEEK).isoformat(),
        "code": publishing.published(elsewhere).code,
        "first_page": 1,
        "last_page": 1,
        "kind": "matching",
        "page": 1,
        "quote": exams.PIGMENT,
    }
    theirs = _of_owner(course, owner, draft)

    def of_owner(exam: Exam, **more: Any) -> Scene:
        return Scene(owners, {**theirs, **_exam(exam), **more}, fields)

    def of_student(attempt: Attempt) -> Scene:
        mine = {**_of_student(course, student), **_attempt(attempt)}
        asked = attempt.version.questions[0]["id"]
        answer = versions.right_answer(attempt.version, asked)
        return Scene(students, mine, {**fields, "q": asked, "value": answer})

    # The first come first, so whatever can be done is done in one of them.
    reviewed = exams.reviewed(owner, kinds=KINDS)
    yield of_owner(reviewed, request_id=_replaced(reviewed).id)
    asked_for = exams.exam(owner, kinds=KINDS)
    yield of_owner(asked_for, request_id=_open(asked_for).id)
    yield of_owner(closed.exam)
    essay = versions.sheet(over, Kind.ESSAY)["id"]
    yield of_owner(over.exam, attempt_id=handed_in.id, question=essay)
    # An older reader has read this one.
    Lecture.objects.filter(exams=running.exam).update(reader_version="0")
    yield of_owner(running.exam, lecture_id=running.exam.lecture_id)
    yield Scene(owners, {**theirs, **_failed(owner)}, fields)
    yield of_student(begun)
    yield of_student(handed_in)
    yield Scene(admins, {**theirs, **_exam(draft)}, fields)
    fresh = {**_attempt(begun), "exam_id": published().exam_id}
    yield Scene(students, {**_of_student(course, student), **fresh}, fields)


def _of_owner(course: Course, owner: User, exam: Exam) -> dict[str, Any]:
    enrolled = course.enrolments
    return {
        "lecture_id": exam.lecture_id,
        "number": 1,
        "size": "small",
        "course_id": course.id,
        "enrolment_id": enrolled.students().get().id,
        "former_id": enrolled.former_students().get().id,
        "educator_id": enrolled.educators().get().id,
        "invitation_id": course.invitations.get().id,
        "token_id": Token.objects.for_user(owner)[0].id,
        "delivery_id": deliveries.told(exam).id,
    }


def _of_student(course: Course, student: User) -> dict[str, Any]:
    return {
        "course_id": course.id,
        "token_id": Token.objects.for_user(student)[0].id,
        "number": 1,
    }


def _exam(exam: Exam) -> dict[str, Any]:
    return {"exam_id": exam.id, "question_id": exam.questions.all()[0].id}


def _replaced(exam: Exam) -> QuestionRequest:
    """A request that is done: another question has the place of the first."""
    question = exam.questions.all()[0]
    return QuestionRequest.objects.create(
        exam=exam,
        question=question,
        aim=RequestAim.ANOTHER,
        state=RequestState.DONE,
        made=1,
        replaced=put_by(question),
        created_at=now(),
        ended_at=now(),
    )


def _open(exam: Exam) -> QuestionRequest:
    """A request for the place of the first question, which waits for a worker."""
    request = regenerate(
        question=exam.questions.all()[0], actor=exam.owner, revision=1, hint="leaf"
    )
    later = now() + publishing.WEEK
    Job.objects.filter(subject=request.id).update(run_after=later)
    return request


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {"attempt_id": attempt.id, "exam_id": attempt.version.exam_id}


def _failed(owner: User) -> dict[str, Any]:
    """What may be tried again: a lecture without an exam, and an exam."""
    lecture = exams.lecture(owner, state=LectureState.FAILED, error_code="encrypted")
    exam = exams.exam(owner, state=ExamState.FAILED, error_code="engine_failed")
    return {"lecture_id": lecture.id, "exam_id": exam.id}
