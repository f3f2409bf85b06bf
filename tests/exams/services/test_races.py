"""People and workers who act on the same lecture or exam at the same moment.

Whoever comes second is refused in the service's own words, or has nothing left to do:
nobody meets a deadlock, a row that is gone or a mistake of ours, and what is left keeps
every invariant. Statements are slowed down, so that transactions really overlap.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from io import BytesIO
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from accounts.models import User
from examgen.jobs import claims
from examgen.jobs import invariants as of_jobs
from examgen.jobs.claims import LeaseLostError
from examgen.jobs.clock import now
from examgen.jobs.models import Job
from examgen.jobs.runner import Run
from exams import content
from exams import invariants as of_exams
from exams.generation import Generated
from exams.models import Exam, Lecture, Page
from exams.reading.document import Document
from exams.services import (
    authoring,
    drafting,
    generation,
    lectures,
    lifecycle,
    readings,
    requests,
)
from exams.services.wishes import Wish
from exams.states import ExamState, IllegalMoveError, LectureState, QuestionState
from tests.examgen.jobs.rows import run_of
from tests.examgen.waiting import DEADLINE_SECONDS
from tests.exams.services.asking import leaf_exam
from tests.factories import exams, people, stores
from tests.factories.lectures import pdf, uploaded
from tests.threads import together

Work = Callable[[], object]

# What the services say to somebody who came second.
LATE = (
    IllegalMoveError,
    LeaseLostError,
    authoring.EditConflictError,
    requests.RefusedRequestError,
)


@pytest.fixture
def owners(shared_database: None) -> list[User]:
    """One for each round of a race."""
    return [people.educator(f"{number}@example.org") for number in range(3)]


@pytest.fixture
def owner(owners: list[User]) -> User:
    return owners[0]


@contextmanager
def in_no_hurry() -> Iterator[None]:
    """Pause after every statement of this thread."""

    def slowly(execute: Any, *statement: Any) -> Any:
        result = execute(*statement)
        time.sleep(random.uniform(0, 0.01))
        return result

    with connection.execute_wrapper(slowly):
        yield


def race(*works: Work) -> None:
    """Do all of it at the same moment."""

    def attempt(work: Work) -> object:
        with in_no_hurry():
            try:
                return work()
            except LATE as refusal:
                return refusal

    together([partial(attempt, work) for work in works])


def assert_sound() -> None:
    checks = (*of_jobs.INVARIANTS, *of_exams.INVARIANTS)
    assert [found for check in checks for found in check()] == []


# Workers that write what they have done


def claimed(consumer: str, subject: Lecture | Exam) -> Run:
    """The job of this consumer, as a worker holds it."""
    (job,) = Job.objects.filter(consumer=consumer, subject=subject.id)
    held = claims.claim_one(job.id)
    assert held is not None
    return run_of(held)


def read(lecture: Lecture) -> Work:
    run = claimed("exams.read_lecture", lecture)
    document = Document(title="Leaves", language="en", pages=())
    # Without pages there is nothing to draw from the file.
    return partial(readings.keep, run, loaded(lecture), document, Path("no file"))


def refuse(lecture: Lecture) -> Work:
    run, row = claimed("exams.read_lecture", lecture), loaded(lecture)

    def write() -> None:
        with run.finish():
            readings.fail_lecture(row, "damaged")

    return write


def draft(exam: Exam) -> Work:
    run = claimed("exams.generate_exam", exam)
    row = Exam.objects.select_related("lecture").get(id=exam.id)
    made = content.Exam(
        title=row.title,
        language="en",
        engine_name="offline",
        engine_version="1",
        seed=1,
        lecture=content.LectureSource(
            title="Leaves", sha256=row.lecture.sha256, pages=2
        ),
        questions=(exams.question(content.Kind.TRUE_FALSE),),
        shortfall=content.Shortfall(asked=1, made=1, reasons=()),
    )

    document = f"{row.prefix}/exam.json"
    stores.put(document)

    def write() -> None:
        with run.finish():
            generation._store_questions(
                row, Generated(made, makers={made.questions[0].id: "script"})
            )
            Page.objects.filter(lecture=row.lecture, number=1).update(image="")
            lifecycle.move_exam(
                row, ExamState.DRAFT, event="exam.ready", document=document
            )

    return write


def loaded(lecture: Lecture) -> Lecture:
    """The row as another request or worker has it."""
    return Lecture.objects.get(id=lecture.id)


@pytest.mark.parametrize("end", [read, refuse])
@pytest.mark.parametrize("act", [lectures.cancel, lectures.delete_lecture])
def test_a_reading_ends_while_its_owner_takes_it_back(owners, end, act) -> None:
    for owner in owners:
        lecture = uploaded(owner)
        race(end(lecture), partial(act, lecture=loaded(lecture), actor=owner))
        assert_sound()


@pytest.mark.parametrize("end", [read, refuse])
def test_a_reading_ends_while_another_exam_is_asked_for(owners, end) -> None:
    for owner in owners:
        lecture = uploaded(owner)
        ask = partial(lectures.request_exam, actor=owner, wish=Wish())
        race(end(lecture), partial(ask, lecture=loaded(lecture)))
        assert_sound()


@pytest.mark.parametrize("act", ["cancel", "delete it", "delete all"])
def test_a_draft_is_done_while_its_owner_takes_it_back(owners, act: str) -> None:
    for owner in owners:
        lecture = exams.lecture(owner)
        exam = lectures.request_exam(lecture=lecture, actor=owner, wish=Wish())
        race(draft(exam), ACTS[act](exam, owner))
        assert_sound()


# People who act in several tabs


def cancel(exam: Exam, me: User) -> Work:
    return partial(lectures.cancel, lecture=loaded(exam.lecture), actor=me)


def delete_it(exam: Exam, me: User) -> Work:
    return partial(lectures.delete_exam, exam=exam, actor=me)


def delete_all(exam: Exam, me: User) -> Work:
    lecture = Lecture.objects.prefetch_related("exams").get(id=exam.lecture_id)
    return partial(lectures.delete_lecture, lecture=lecture, actor=me)


def retry(exam: Exam, me: User) -> Work:
    row = Exam.objects.select_related("lecture").get(id=exam.id)
    return partial(lectures.retry_exam, exam=row, actor=me)


def ask_for_another(exam: Exam, me: User) -> Work:
    lecture = loaded(exam.lecture)
    return partial(lectures.request_exam, lecture=lecture, actor=me, wish=Wish())


def rename(exam: Exam, _me: User) -> Work:
    return partial(authoring.rename_exam, exam=exam, title="Another title")


def decide(exam: Exam, me: User) -> Work:
    return partial(
        authoring.decide,
        question=exam.questions.all()[0],
        decision=random.choice([QuestionState.ACCEPTED, QuestionState.REJECTED]),
        actor=me,
        revision=1,
    )


def edit(exam: Exam, me: User) -> Work:
    question = exam.questions.all()[0]
    return partial(
        authoring.edit_question,
        question=question,
        edited=question.as_content(),
        actor=me,
        revision=1,
    )


ACTS: dict[str, Callable[[Exam, User], Work]] = {
    "cancel": cancel,
    "delete it": delete_it,
    "delete all": delete_all,
    "retry": retry,
    "ask for another": ask_for_another,
    "rename": rename,
    "decide": decide,
    "edit": edit,
}
WITH_A_FAILED_EXAM = ("cancel", "delete it", "delete all", "retry", "ask for another")
WITH_A_DRAFT = ("delete it", "delete all", "rename", "decide", "edit")


def ask_for_one_more(exam: Exam, me: User) -> Work:
    question = exam.questions.all()[0]
    return partial(requests.regenerate, question=question, actor=me, revision=1)


def take_back(exam: Exam, me: User) -> Work:
    return partial(requests.cancel, request=exam.requests.get(), actor=me)


@pytest.mark.parametrize(
    "act", [ask_for_one_more, take_back, decide, edit, delete_it, delete_all]
)
def test_a_question_is_replaced_while_its_owner_acts(owner, settings, act) -> None:
    exam = leaf_exam(owner, settings)
    request = ask_for_one_more(exam, owner)()
    (job,) = Job.objects.filter(consumer=requests.CONSUMER)
    held = claims.claim_one(job.id)
    assert held is not None
    answer = partial(drafting.draft, run=run_of(held), request_id=request.id)
    race(answer, act(exam, owner))
    assert_sound()


def pairs(acts: tuple[str, ...]) -> list[tuple[str, str]]:
    return list(combinations_with_replacement(acts, 2))


@pytest.mark.parametrize("acts", pairs(WITH_A_FAILED_EXAM))
def test_two_tabs_with_a_failed_exam(owner, acts: tuple[str, str]) -> None:
    for lecture_state in (LectureState.READ, LectureState.FAILED):
        lecture = exams.lecture(owner, state=lecture_state)
        exam = exams.exam(owner, of=lecture, state=ExamState.FAILED)
        race(*(ACTS[act](exam, owner) for act in acts))
        assert_sound()


@pytest.mark.parametrize("acts", pairs(WITH_A_DRAFT))
def test_two_tabs_with_a_draft(owner, acts: tuple[str, str]) -> None:
    exam = exams.exam(owner)
    race(*(ACTS[act](exam, owner) for act in acts))
    assert_sound()


# Uploads


def upload(owner: User) -> lectures.Upload:
    file = File(BytesIO(pdf()), name="week1.pdf")
    return lectures.upload_lecture(owner=owner, file=file, name="w.pdf", wish=Wish())


@pytest.mark.parametrize("died_before", [False, True])
def test_the_same_lecture_comes_from_many_tabs_at_once(owner, died_before) -> None:
    if died_before:
        died = uploaded(owner)
        Exam.objects.all().delete()
        Lecture.objects.filter(id=died.id).update(
            state=LectureState.UPLOADING, created_at=now().replace(year=2020)
        )
        Job.objects.update(state="cancelled", finished_at=now())
    race(*[partial(upload, owner)] * 4)
    assert Lecture.objects.get().state == LectureState.STORED
    assert Exam.objects.get().state == ExamState.WAITING
    assert (
        Job.objects.filter(consumer="exams.read_lecture", state="queued").count() == 1
    )
    assert_sound()


def forget(_owner: User) -> int:
    return lectures.forget_abandoned()


def upload_again(owner: User) -> tuple[bool, LectureState]:
    found = upload(owner)
    return found.known, LectureState(found.lecture.state)


@pytest.mark.parametrize(
    ("act", "finds"),
    [(forget, 0), (upload_again, (True, LectureState.STORED))],
)
def test_an_upload_that_only_hung_ends_while_it_is_taken_for_dead(
    owner, settings, act: Callable[[User], object], finds: object
) -> None:
    settings.UPLOAD_PATIENCE = timedelta(0)  # so it is taken for dead at once
    moved, looked = threading.Event(), threading.Event()

    def end_slowly(execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if sql.startswith('UPDATE "exams_lecture"'):
            # Stored, not committed yet: so long as another looks at the row.
            moved.set()
            looked.wait(DEADLINE_SECONDS)
            time.sleep(0.3)
        return result

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        if "FOR UPDATE" in sql or sql.startswith(("BEGIN", "INSERT", "DELETE")):
            looked.set()  # from here on it waits for the other's lock
        result = execute(sql, *rest)
        if sql.startswith("SELECT") and '"exams_lecture"' in sql:
            looked.set()
        return result

    def hung() -> object:
        with connection.execute_wrapper(end_slowly):
            return upload(owner).lecture.id

    def other() -> object:
        moved.wait(DEADLINE_SECONDS)
        with connection.execute_wrapper(look):
            return act(owner)

    kept, found = together([hung, other])
    lecture = Lecture.objects.get()
    assert (lecture.id, lecture.state, found) == (kept, LectureState.STORED, finds)
    assert default_storage.exists(lecture.file)
    assert_sound()
