"""Answering a request: the engine drafts beside the questions that are there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Max

from examgen.jobs.runner import Run
from exams import content
from exams.content import Kind
from exams.generation import Blueprint, Generated, generate_exam
from exams.generation.beside import Beside
from exams.models import Exam, Page, Question, QuestionRequest
from exams.services import (
    authoring,
    cross_checks,
    generation,
    lifecycle,
    question_rows,
)
from exams.services.readings import leaving_nothing_of, load_document
from exams.services.verdicts import tallies_by_maker
from exams.services.wishes import GENERATED_KINDS, Wish
from exams.states import (
    ExamState,
    IllegalMoveError,
    QuestionState,
    RequestAim,
    RequestState,
)

# Another question is looked for on so many pages before and after the old one's.
PAGES_AROUND = 3


def draft(*, run: Run, request_id: uuid.UUID) -> None:
    """Draft what was asked for; where nothing is found, all stays as it was.

    The question that is to be replaced keeps its place as well when somebody decided
    or changed it meanwhile, and the exam when it is no draft any more.
    """
    rows = QuestionRequest.objects.open().select_related("exam__lecture", "question")
    request = rows.filter(id=request_id).first()
    if request is None:
        return  # answered by another run, cancelled, or deleted with its exam
    exam = request.exam
    if exam.state != ExamState.DRAFT:
        _fail(run, request, "no_draft")
        return
    run.progress("drafted")
    made = _drafted(run, request)
    reasons = question_rows.findings(made.exam.shortfall.reasons)
    if not made.exam.questions:
        with run.finish():
            lifecycle.move_request(request, RequestState.EMPTY, reasons=reasons)
        return
    with leaving_nothing_of(exam.lecture):
        images = generation.store_cited_pages(run, exam.lecture, made.exam.questions)
        try:
            with run.finish():
                _keep(request, made)
                for number, image in images.items():
                    Page.objects.filter(lecture=exam.lecture, number=number).update(
                        image=image
                    )
        except authoring.EditConflictError:
            _fail(run, request, "changed_meanwhile")
        except IllegalMoveError:
            _fail(run, request, "no_draft")


def _fail(run: Run, request: QuestionRequest, code: str) -> None:
    with run.finish():
        # Nothing to tell of one that was cancelled in this moment.
        held = QuestionRequest.objects.open().select_for_update(no_key=True)
        if still := held.filter(pk=request.pk).first():
            lifecycle.move_request(still, RequestState.FAILED, error_code=code)


def _keep(request: QuestionRequest, made: Generated) -> None:
    """Write the questions and the answer: the effects of the job's last transaction."""
    answer: dict[str, Any] = {
        "made": len(made.exam.questions),
        "reasons": question_rows.findings(made.exam.shortfall.reasons),
    }
    lifecycle.hold_draft_exam(request.exam_id)
    if request.question is None:
        cross_checks.recheck(request.exam, *_append(request.exam, made))
        lifecycle.move_request(request, RequestState.DONE, **answer)
        return
    question = Question.objects.get(pk=request.question.pk)
    authoring.check_revision(question, request.revision)
    if question.state != request.seen_state:
        raise authoring.EditConflictError
    lifecycle.move_request(
        request, RequestState.DONE, replaced=question_rows.put_by(question), **answer
    )
    lifecycle.replace_question(
        question,
        actor=None,
        request=request.id,
        state=QuestionState.PROPOSED,
        **question_rows.drafted(made.exam.questions[0], made),
    )
    cross_checks.recheck(request.exam, question)


def _append(exam: Exam, made: Generated) -> list[Question]:
    last = exam.questions.aggregate(last=Max("position"))["last"] or 0
    return Question.objects.bulk_create(
        Question(
            id=uuid.UUID(question.id),
            exam=exam,
            position=place,
            **question_rows.drafted(question, made),
        )
        for place, question in enumerate(made.exam.questions, start=last + 1)
    )


def _drafted(run: Run, request: QuestionRequest) -> Generated:
    """What the engine finds for the first of the blueprints that gives anything."""
    exam = request.exam
    lecture = exam.lecture
    wish = Wish.from_json(exam.settings)
    replaced = request.question.as_content() if request.question else None
    engine = wish.load_engine()
    document = load_document(lecture)
    others = list(_asked(request))
    verdicts = tallies_by_maker(wish.engine_name)
    for blueprint in _blueprints(request, wish, replaced):
        made = generate_exam(
            document,
            replace(
                blueprint,
                options=wish.options,
                seed=request.id.int % 2**31,
                avoid=tuple(item for other in others for item in other.evidence),
            ),
            Beside(
                engine,
                others,
                near=replaced.evidence[0] if replaced and replaced.evidence else None,
                hint=request.hint,
            ),
            source=content.LectureSource(
                title=lecture.title, sha256=lecture.sha256, pages=lecture.page_count
            ),
            progress=run.progress,
            verdicts=verdicts,
        )
        if made.exam.questions:
            break
    return generation.numbered(generation.tagged(made, document), request.id)


def _asked(request: QuestionRequest) -> Iterator[content.Question]:
    """What a new question may not ask again: all that was ever in the exam.

    But another kind of question may ask for the same fact as the one it replaces.
    """
    rows = request.exam.questions.all()
    replaced = QuestionRequest.objects.filter(exam=request.exam).exclude(replaced={})
    if request.aim == RequestAim.KIND and request.question is not None:
        rows = rows.exclude(pk=request.question.pk)
        replaced = replaced.exclude(question=request.question)
    yield from (row.as_content() for row in rows)
    for kept in replaced.values_list("replaced", flat=True):
        yield question_rows.as_content(kept)


def _blueprints(
    request: QuestionRequest, wish: Wish, replaced: content.Question | None
) -> Sequence[Blueprint]:
    """What the engine is asked for, in this order, until it finds something."""
    usual = wish.blueprint().kinds
    if replaced is None:
        kinds = tuple(Kind(kind) for kind in request.kinds) or usual
        pages = (request.first_page or 1, request.last_page or 1)
        return [Blueprint(questions=request.number, kinds=kinds, pages=pages)]
    around = None if request.hint else _around(replaced)
    if request.aim == RequestAim.KIND:
        wanted: list[tuple[Kind, ...]] = [tuple(Kind(kind) for kind in request.kinds)]
    else:
        # The kind stays, if the lecture can give another of it.
        same = (replaced.kind,) if replaced.kind in GENERATED_KINDS else ()
        wanted = [kinds for kinds in (same, usual) if kinds]
    return [Blueprint(questions=1, kinds=kinds, pages=around) for kinds in wanted]


def _around(question: content.Question) -> tuple[int, int] | None:
    if not question.evidence:
        return None
    page = question.evidence[0].page
    return max(1, page - PAGES_AROUND), page + PAGES_AROUND
