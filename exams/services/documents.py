"""An exam as people and programs see it as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from exams import content
from exams.formats import examgen_json
from exams.models import Exam, Question
from exams.services import files
from exams.services.wishes import Wish
from exams.states import QuestionState


@dataclass(frozen=True, slots=True)
class PageCoverage:
    """How many questions ask about one page; `step` is capped for the strip."""

    page: int
    questions: int

    @property
    def step(self) -> int:
        return min(self.questions, 3)


def coverage(exam: Exam, questions: Sequence[Question]) -> list[PageCoverage]:
    """Count the questions that are not dropped, for every page of the lecture."""
    cited = Counter(
        question.page
        for question in questions
        if question.state != QuestionState.REJECTED
    )
    pages = range(1, exam.lecture.page_count + 1)
    return [PageCoverage(page, cited[page]) for page in pages]


def as_content(exam: Exam) -> content.Exam:
    """Return the exam in the vocabulary of `content`, without dropped questions."""
    shortfall = exam.shortfall or {}
    return content.Exam(
        title=exam.title,
        language=exam.language,
        engine_name=exam.engine_name,
        engine_version=exam.engine_version,
        seed=Wish.from_json(exam.settings).seed,
        lecture=content.LectureSource(
            title=exam.lecture.title,
            sha256=exam.lecture.sha256,
            pages=exam.lecture.page_count,
        ),
        questions=tuple(
            question.as_content()
            for question in exam.questions.exclude(state=QuestionState.REJECTED)
        ),
        shortfall=content.Shortfall(
            asked=shortfall.get("asked", 0),
            made=shortfall.get("made", 0),
            reasons=tuple(
                content.Finding(reason["code"], reason["params"])
                for reason in shortfall.get("reasons", ())
            ),
        ),
    )


def as_bytes(exam: Exam) -> bytes:
    """The `examgen/1` document: as published, else what is not rejected.

    Needs the exam's versions at hand; raises StoreError when the store is away.
    """
    if exam.version is None:
        return examgen_json.to_bytes(as_content(exam))
    with files.open_object(exam.version.document) as file:
        return file.read()
