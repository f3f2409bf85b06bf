"""Generating an exam: the pages of a lecture become questions that cite them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from examgen.jobs.runner import Run
from exams import content
from exams.formats import examgen_json
from exams.generation import Generated, generate_exam
from exams.generation.tags import tags_of, terms_of
from exams.models import Exam, Lecture, Page, Question
from exams.reading.document import Document
from exams.services import files, lifecycle, pictures
from exams.services.question_rows import drafted, finding
from exams.services.readings import leaving_nothing_of, load_document, mark_of
from exams.services.verdicts import tallies_by_maker
from exams.services.wishes import Wish
from exams.states import ExamState, LectureState

# The questions of one exam have the same ids however often its job is run.
_QUESTION_NAMESPACE = uuid.UUID("2c7b2f6e-5d0f-4f0e-9a52-1d1a6c1a8a4e")


def generate(*, run: Run, exam_id: uuid.UUID) -> None:
    """Draft, check and keep the questions that the exam's wish asks for.

    An exam without a single question fails with the reason; one with fewer than asked
    is ready, and its shortfall says why.
    """
    exam = (
        Exam.objects.select_related("lecture")
        .filter(
            id=exam_id,
            state=ExamState.GENERATING,
            lecture__state=LectureState.READ,
        )
        .first()
    )
    if exam is None:
        return  # deleted, cancelled, or drafted by another run
    run.progress("drafted")
    made = _generate(run, exam)
    if not made.exam.questions:
        with run.finish():
            fail_exam(exam, "no_questions", made.exam.shortfall)
        return
    with leaving_nothing_of(exam, exam.lecture):
        _keep(run, exam, made)


def _keep(run: Run, exam: Exam, made: Generated) -> None:
    """Store pictures and document, then write the rows that speak of them."""
    generated = made.exam
    images = store_cited_pages(run, exam.lecture, generated.questions)
    document = examgen_json.to_bytes(generated)
    digest = hashlib.sha256(document).hexdigest()[:12]
    key = f"{exam.prefix}/exam-{digest}-{mark_of(run)}.json"
    files.keep_derived(key, document)
    with run.finish():
        _store_questions(exam, made)
        for number, image in images.items():
            Page.objects.filter(lecture=exam.lecture, number=number).update(image=image)
        lifecycle.move_exam(
            exam,
            ExamState.DRAFT,
            event="exam.ready",
            facts={"questions": len(generated.questions)},
            document=key,
            language=generated.language,
            engine_name=generated.engine_name,
            engine_version=generated.engine_version,
            shortfall=_shortfall(generated.shortfall),
            findings=[finding(item) for item in made.findings],
        )


def fail_exam(
    exam: Exam, code: str, shortfall: content.Shortfall | None = None
) -> None:
    """Fail an exam, with the reason for its owner."""
    lifecycle.move_exam(
        exam,
        ExamState.FAILED,
        event="exam.failed",
        facts={"code": code},
        error_code=code,
        shortfall=_shortfall(shortfall) if shortfall else {},
    )


def _generate(run: Run, exam: Exam) -> Generated:
    wish = Wish.from_json(exam.settings)
    lecture = exam.lecture
    document = load_document(lecture)
    made = generate_exam(
        document,
        wish.blueprint(),
        wish.load_engine(),
        source=content.LectureSource(
            title=lecture.title, sha256=lecture.sha256, pages=lecture.page_count
        ),
        progress=run.progress,
        verdicts=tallies_by_maker(wish.engine_name),
    )
    named = numbered(tagged(made, document), exam.id)
    return replace(named, exam=replace(named.exam, title=exam.title))


def tagged(made: Generated, document: Document) -> Generated:
    """Give the questions the lecture's terms that they are about."""
    terms = terms_of(document)
    questions = tuple(
        replace(item, tags=tags_of(item, terms)) for item in made.exam.questions
    )
    return replace(made, exam=replace(made.exam, questions=questions))


def numbered(made: Generated, subject: uuid.UUID) -> Generated:
    """Give the questions their ids for good: the same whenever a job is repeated.

    `subject` is what the job is about.
    """
    ids = {
        question.id: str(uuid.uuid5(_QUESTION_NAMESPACE, f"{subject}/{place}"))
        for place, question in enumerate(made.exam.questions, start=1)
    }
    questions = tuple(
        replace(
            question,
            id=ids[question.id],
            warnings=tuple(_about(item, ids) for item in question.warnings),
        )
        for question in made.exam.questions
    )
    return replace(
        made,
        exam=replace(made.exam, questions=questions),
        makers={ids[short]: maker for short, maker in made.makers.items()},
    )


def _about(found: content.Finding, ids: Mapping[str, str]) -> content.Finding:
    """Let a warning that speaks of another question call it by its new id."""
    other = found.params.get("other")
    if not isinstance(other, str):
        return found
    return replace(found, params={**found.params, "other": ids[other]})


def store_cited_pages(
    run: Run, lecture: Lecture, questions: Sequence[content.Question]
) -> dict[int, str]:
    """Store a large picture of every cited page that has none yet."""
    cited = {item.page for question in questions for item in question.evidence}
    without = lecture.pages.filter(number__in=cited, image="")
    numbers = sorted(without.values_list("number", flat=True))
    return pictures.store_large(run, lecture, numbers)


def _store_questions(exam: Exam, made: Generated) -> None:
    exam.questions.all().delete()
    Question.objects.bulk_create(
        Question(
            id=uuid.UUID(question.id),
            exam=exam,
            position=place,
            **drafted(question, made),
        )
        for place, question in enumerate(made.exam.questions, start=1)
    )


def _shortfall(shortfall: content.Shortfall) -> dict[str, object]:
    return {
        "asked": shortfall.asked,
        "made": shortfall.made,
        "reasons": [finding(reason) for reason in shortfall.reasons],
    }
