"""Answering a request: never half, never over what somebody did meanwhile."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import User
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from exams.content import Kind
from exams.models import Exam, Question
from exams.services import drafting
from exams.services.wishes import Wish
from tests.examgen.jobs.rows import expire
from tests.exams.services.asking import (
    AREA,
    accept,
    add,
    another,
    answered,
    before_the_end,
    edit,
    held,
    leaf_exam,
    publish,
    rows,
)
from tests.factories import exams
from tests.factories.lectures import run_jobs


@pytest.fixture
def exam(educator: User, settings) -> Exam:
    return leaf_exam(educator, settings)


@pytest.fixture
def question(exam: Exam) -> Question:
    return exam.questions.get(position=1)


@pytest.mark.parametrize(
    ("act", "code"),
    [(edit, "changed_meanwhile"), (accept, "changed_meanwhile"), (publish, "no_draft")],
)
@pytest.mark.parametrize("late", [False, True])
def test_what_a_person_does_meanwhile_is_not_overwritten(
    question, monkeypatch, *, act, code: str, late: bool
) -> None:
    request = another(question)
    if late:
        before_the_end(monkeypatch, partial(act, question))
    else:
        act(question)
    run_jobs()
    request.refresh_from_db()
    question.refresh_from_db()
    assert (request.state, request.error_code) == ("failed", code)
    assert question.stem == exams.STEMS[Kind.SINGLE_CHOICE]
    assert request.replaced == {}


def test_a_job_that_runs_twice_changes_a_question_once(exam, question) -> None:
    request = another(question)
    lost = held(request)
    expire(lost.job)
    drafting.draft(run=held(request), request_id=request.id)
    drafting.draft(run=lost, request_id=request.id)
    # And by a job that somebody started by hand.
    Job.objects.filter(subject=request.id).update(state=JobState.QUEUED)
    answered(request)
    question.refresh_from_db()
    assert (question.stem, question.revision) == (AREA, 2)


def test_a_worker_killed_in_the_middle_leaves_no_half(exam, monkeypatch) -> None:
    request = add(exam)

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        # After the questions are written, before the request says so.
        patch.setattr(drafting.lifecycle, "move_request", killed)
        with pytest.raises(SystemExit):
            drafting.draft(run=held(request), request_id=request.id)
    assert exam.questions.count() == 2
    expire(Job.objects.get(subject=request.id))
    assert answered(request).made == 2
    assert [row["position"] for row in rows(exam)] == [1, 2, 3, 4]


def test_a_job_that_died_says_so_and_the_question_stays(exam, settings) -> None:
    settings.JOB_MAX_ERRORS = 1
    Exam.objects.update(settings=Wish(engine="broken").to_json())
    request = add(exam)
    run_jobs()
    request.refresh_from_db()
    assert (request.state, request.error_code) == ("failed", "internal")
    assert exam.questions.count() == 2
