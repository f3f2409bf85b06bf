"""Asking for questions in tests, and looking at what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from examgen.jobs import claims
from examgen.jobs.models import Job
from examgen.jobs.runner import Run
from exams import invariants
from exams.content import Kind
from exams.models import Exam, Question, QuestionRequest
from exams.services import authoring, drafting, requests
from exams.services.wishes import Wish
from exams.states import ExamState, QuestionState
from tests.examgen.jobs.rows import run_of
from tests.factories import exams
from tests.factories.engines import LeafEngine
from tests.factories.lectures import run_jobs

ENGINES = {
    "leaf": "tests.factories.engines.LeafEngine",
    "silent": "tests.factories.engines.SilentEngine",
    "broken": "tests.factories.engines.BrokenEngine",
}
GREEN, AREA, FIRST, DOOR = (stem for stem, _, _ in LeafEngine.ASKED)


def leaf_exam(owner: User, settings: Any) -> Exam:
    """Two questions: on the pigment (page 1), and on what opens the pores (page 2)."""
    settings.ENGINES = {**settings.ENGINES, **ENGINES}
    return exams.exam(
        owner,
        kinds=(Kind.SINGLE_CHOICE, Kind.SHORT_ANSWER),
        settings=Wish(engine="leaf").to_json(),
    )


def add(exam: Exam, number: int = 2, pages: tuple[int, int] = (1, 2), **kinds: Any):
    return requests.add_questions(
        exam=exam,
        actor=exam.owner,
        number=number,
        first_page=pages[0],
        last_page=pages[1],
        **kinds,
    )


def another(question: Question, *, revision: int = 1, hint: str = ""):
    return requests.regenerate(
        question=question, actor=question.exam.owner, revision=revision, hint=hint
    )


def rows(exam: Exam) -> list[dict[str, Any]]:
    return list(Question.objects.filter(exam=exam).values())


def answered(request: QuestionRequest) -> QuestionRequest:
    run_jobs()
    request.refresh_from_db()
    assert [broken for check in invariants.INVARIANTS for broken in check()] == []
    return request


def held(request: QuestionRequest) -> Run:
    """The job of this request, as a worker has it."""
    claimed = claims.claim_one(Job.objects.get(subject=request.id).id)
    assert claimed is not None
    return run_of(claimed)


def edit(question: Question) -> None:
    authoring.edit_question(
        question=question,
        edited=question.as_content(),
        actor=question.exam.owner,
        revision=1,
    )


def accept(question: Question) -> None:
    authoring.decide(
        question=question,
        decision=QuestionState.ACCEPTED,
        actor=question.exam.owner,
        revision=1,
    )


def publish(question: Question) -> None:
    Exam.objects.filter(pk=question.exam_id).update(state=ExamState.CLOSED)


def before_the_end(patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen between the drafting and the job's last transaction."""
    drafted = drafting._drafted

    def then_act(run: Run, request: QuestionRequest) -> Any:
        made = drafted(run, request)
        act()
        return made

    patch.setattr(drafting, "_drafted", then_act)
