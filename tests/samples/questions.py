"""Well-formed questions of every kind about one small page, for tests to spoil."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from exams.content import (
    Body,
    Essay,
    Evidence,
    Exam,
    Finding,
    LectureSource,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Question,
    ShortAnswer,
    Shortfall,
    SingleChoice,
    TrueFalse,
)
from exams.reading.document import Document
from tests.samples.documents import document

SENTENCE = (
    "A meander is a wide bend that a slow river cuts into soft ground, "
    "and a delta is a fan of mud, sand and 12 other materials."
)
PAGE: Document = document(
    f"""
| River course 1
# Shapes
{SENTENCE}
> Marlow, E. Deltas of the north. 1932.
"""
)


def evidence_of(quote: str, whole: Document = PAGE, page: int = 1) -> Evidence:
    start = whole.pages[page - 1].text.index(quote)
    return Evidence(page, start, start + len(quote), quote)


def choice(*texts: str, key: int = 0) -> SingleChoice:
    return SingleChoice(
        tuple(
            Option("abcdefghijkl"[index], text, correct=index == key)
            for index, text in enumerate(texts)
        )
    )


BODIES: dict[str, Body] = {
    "single_choice": choice("Meander", "Levee", "Spring", "Weir"),
    "multiple_choice": MultipleChoice(
        (
            Option("a", "Meander", correct=True),
            Option("b", "Delta", correct=True, feedback="Yes."),
            Option("c", "Levee"),
        )
    ),
    "true_false": TrueFalse(correct=True),
    "short_answer": ShortAnswer(("meander", "meanders")),
    "numeric": Numeric(Decimal(12), Decimal("0.50"), "m"),
    "matching": Matching(
        (("Meander", "A wide bend of a slow river"), ("Delta", "A fan of mud"))
    ),
    "ordering": Ordering(("Meander", "Delta")),
    "essay": Essay("Names bend, soft ground and slow water."),
}

STEMS = {
    "true_false": "A meander is a wide bend that a slow river cuts into soft ground.",
    "numeric": "How many other materials does a fan of mud and sand hold?",
    "matching": "Match each term with its definition.",
}


def question(kind: str = "single_choice", **changes: Any) -> Question:
    plain = Question(
        id="q1",
        stem=STEMS.get(kind, "Which term refers to a wide bend cut into soft ground?"),
        body=BODIES[kind],
        evidence=(evidence_of(SENTENCE),),
        topic="Shapes",
        explanation=f"Page 1: “{SENTENCE}”",
    )
    return replace(plain, **changes)


def exam(*questions: Question) -> Exam:
    return Exam(
        title="Rivers",
        language="en",
        engine_name="offline",
        engine_version="1",
        seed=7,
        lecture=LectureSource(title="Rivers", sha256="ab" * 32, pages=2),
        questions=questions,
        shortfall=Shortfall(
            len(questions) + 1,
            len(questions),
            (Finding("too_few_sentences", {"count": 3}),),
        ),
    )
