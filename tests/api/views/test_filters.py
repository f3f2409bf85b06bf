"""Lists narrowed by their query; what is no filter value is refused, not guessed."""

from __future__ import annotations

import pytest

from accounts.models import User
from api.models import Token
from exams.content import Kind
from exams.models import Exam
from exams.services import authoring
from exams.states import ExamState, QuestionState
from tests.api.programs import Program, wrong_fields
from tests.factories import (
    attempts,
    courses,
    deliveries,
    exams,
    people,
    publishing,
    versions,
)

pytestmark = pytest.mark.django_db


def ids(program: Program, path: str, key: str = "id", **query: str) -> list[str]:
    return [row[key] for row in program.get(path, query).json()["results"]]


def test_exams_by_state_and_lecture(teacher: Program, educator: User) -> None:
    draft = exams.exam(educator)
    published = publishing.published(educator).exam
    assert ids(teacher, "exams/", state="draft") == [str(draft.id)]
    assert ids(teacher, "exams/", state="published") == [str(published.id)]
    assert ids(teacher, "exams/", lecture_id=str(draft.lecture_id)) == [str(draft.id)]
    both = {"lecture_id": str(draft.lecture_id), "state": "published"}
    assert ids(teacher, "exams/", **both) == []


def test_lectures_by_state(teacher: Program, educator: User) -> None:
    lecture = exams.exam(educator).lecture
    assert ids(teacher, "lectures/", state="read") == [str(lecture.id)]
    assert ids(teacher, "lectures/", state="failed") == []


def test_questions_by_state_and_kind(teacher: Program, educator: User) -> None:
    exam = exams.exam(educator, kinds=(Kind.TRUE_FALSE, Kind.NUMERIC, Kind.NUMERIC))
    first, second, third = exam.questions.all()
    authoring.decide(
        question=second, decision=QuestionState.ACCEPTED, actor=educator, revision=1
    )
    path = f"exams/{exam.id}/questions/"
    assert ids(teacher, path, state="proposed") == [str(first.id), str(third.id)]
    assert ids(teacher, path, kind="numeric") == [str(second.id), str(third.id)]
    assert ids(teacher, path, kind="numeric", state="accepted") == [str(second.id)]


def test_results_by_state_person_and_version(
    teacher: Program, educator: User, student: User
) -> None:
    version = versions.version(educator, open_ended=True, release="manual")
    done = attempts.closed(version, student)
    begun = attempts.started(version, people.student("kim@example.org"))
    path, key = f"exams/{version.exam_id}/results/", "attempt_id"
    assert ids(teacher, path, key, state="open") == [str(begun.id)]
    assert ids(teacher, path, key, person_id=str(student.id)) == [str(done.id)]
    assert ids(teacher, path, key, version="2") == []
    assert len(ids(teacher, path, key, version="1")) == 2


def test_ones_own_attempts_by_state_and_exam(
    taker: Program, educator: User, student: User
) -> None:
    course = courses.course(educator, student)
    done = attempts.closed(versions.version(educator, course=course), student)
    begun = attempts.started(versions.version(educator, course=course), student)
    assert ids(taker, "attempts/", state="closed") == [str(done.id)]
    of = str(begun.version.exam_id)
    assert ids(taker, "attempts/", exam_id=of) == [str(begun.id)]


def test_invitations_that_wait(teacher: Program, educator: User) -> None:
    course = courses.course(educator)
    waiting = courses.invite(course)
    path = f"courses/{course.id}/invitations/"
    assert ids(teacher, path, waiting="true") == [str(waiting.id)]
    assert ids(teacher, path, waiting="false") == []


def test_notifications_that_are_unread(teacher: Program, educator: User) -> None:
    told = deliveries.told(exams.exam(educator))
    assert ids(teacher, "notifications/", unread="true") == [str(told.id)]
    teacher.post(f"notifications/{told.id}/read/")
    assert ids(teacher, "notifications/", unread="true") == []
    assert ids(teacher, "notifications/", unread="false") == [str(told.id)]


def test_tokens_that_open_something(teacher: Program, educator: User) -> None:
    own = Token.objects.for_user(educator).get()
    Program(educator, "me:read")
    other = Token.objects.for_user(educator).exclude(pk=own.pk).get()
    teacher.delete(f"tokens/{other.id}/")
    assert ids(teacher, "tokens/", usable="true") == [str(own.id)]
    assert ids(teacher, "tokens/", usable="false") == [str(other.id)]
    assert len(ids(teacher, "tokens/")) == 2


def test_pages_of_a_narrowed_list_stay_narrow(teacher: Program, educator: User) -> None:
    drafts = [exams.exam(educator) for _ in range(3)]
    publishing.published(educator)
    first = teacher.get("exams/", {"state": "draft", "limit": 2}).json()
    following = teacher.get(first["next"].partition("/api/v1/")[2]).json()
    seen = [row["id"] for row in first["results"] + following["results"]]
    assert seen == [str(exam.id) for exam in reversed(drafts)]
    assert following["next"] is None
    assert Exam.objects.exclude(state=ExamState.DRAFT).count() == 1


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("exams/", {"state": "lost"}),
        ("exams/", {"state": ""}),
        ("exams/", {"lecture_id": "1"}),
        ("lectures/", {"state": "draft"}),
        ("attempts/", {"exam_id": "x" * 5000}),
        ("notifications/", {"unread": "1"}),
        ("tokens/", {"usable": "True"}),
    ],
)
def test_what_is_no_value_is_refused(teacher: Program, path: str, query) -> None:
    (name,) = query
    assert [field for field, _ in wrong_fields(teacher.get(path, query))] == [name]


def test_a_version_is_a_number_that_fits(teacher: Program, educator: User) -> None:
    version = publishing.published(educator)
    path = f"exams/{version.exam_id}/results/"
    for typed in ("0", "-1", "1e3", "99999999999999999999", "one"):
        answer = teacher.get(path, {"version": typed})
        assert [field for field, _ in wrong_fields(answer)] == ["version"]
