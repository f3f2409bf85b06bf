"""Lectures that were read and exams that were drafted, as rows, without any waiting.

Everything here is small and written by hand, so that tests can name exact words. What
a real PDF gives is tested where it is read and generated.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accounts.models import User
from examgen.jobs.clock import now
from exams import content
from exams.content import Evidence, Option
from exams.formats.examgen_json import body_to_dict
from exams.models import Block, Exam, Lecture, Page, Question
from exams.reading import READER_VERSION
from exams.services import files
from exams.services.wishes import Wish
from exams.states import ExamState, LectureState, QuestionState

PDF = b"%PDF-1.7\nnot read by anybody in this test\n%%EOF\n"
PICTURE = b"RIFF\x1a\x00\x00\x00WEBPVP8L"

PIGMENT = "Chlorophyll is the pigment that catches light in a leaf."
PORES = "A leaf has about 300 pores on each square millimetre."
STAGES = "The light reactions come first and the Calvin cycle follows."
GUARDS = "Guard cells open the pores of a leaf when they swell."
TEXTS = (f"{PIGMENT} {PORES}", f"{STAGES} {GUARDS}")

SINGLE = content.SingleChoice(
    (
        Option("a", "Chlorophyll", correct=True, feedback="Yes."),
        Option("b", "Haemoglobin"),
        Option("c", "Melanin"),
        Option("d", "Carotene"),
    )
)
MULTIPLE = content.MultipleChoice(
    (
        Option("a", "Light reactions", correct=True),
        Option("b", "Calvin cycle", correct=True),
        Option("c", "Citric acid cycle"),
    )
)
BODIES: dict[content.Kind, content.Body] = {
    body.kind: body
    for body in (
        SINGLE,
        MULTIPLE,
        content.TrueFalse(correct=True),
        content.ShortAnswer(("guard cells", "guard cell")),
        content.Numeric(Decimal("300.5"), Decimal("0.25"), "per mm²"),
        content.Matching((("Pigment", "Chlorophyll"), ("Pore", "Stoma"))),
        content.Ordering(("Light reactions", "Calvin cycle")),
        content.Essay("One point for each stage."),
    )
}
STEMS = {
    content.Kind.SINGLE_CHOICE: "Which pigment catches light?",
    content.Kind.MULTIPLE_CHOICE: "Which stages does a leaf run through?",
    content.Kind.TRUE_FALSE: PIGMENT,
    content.Kind.SHORT_ANSWER: "What opens the pores of a leaf?",
    content.Kind.NUMERIC: "How many pores stand on a square millimetre?",
    content.Kind.MATCHING: "Match the words.",
    content.Kind.ORDERING: "Bring the stages into order.",
    content.Kind.ESSAY: "Explain how a leaf eats light.",
}
QUOTES = {
    content.Kind.SINGLE_CHOICE: PIGMENT,
    content.Kind.MULTIPLE_CHOICE: STAGES,
    content.Kind.TRUE_FALSE: PIGMENT,
    content.Kind.SHORT_ANSWER: GUARDS,
    content.Kind.NUMERIC: PORES,
    content.Kind.MATCHING: PIGMENT,
    content.Kind.ORDERING: STAGES,
    content.Kind.ESSAY: STAGES,
}
FOUR = (
    content.Kind.SINGLE_CHOICE,
    content.Kind.TRUE_FALSE,
    content.Kind.SHORT_ANSWER,
    content.Kind.NUMERIC,
)


def pdf_of(lecture: Lecture) -> bytes:
    """What was uploaded as this lecture, if nothing else was said."""
    return PDF + f"%{lecture.id}\n".encode()


def lecture(
    owner: User,
    *,
    state: LectureState = LectureState.READ,
    name: str = "week1.pdf",
    pdf: bytes = b"",
    **fields: Any,
) -> Lecture:
    """A lecture as if uploaded; two pages with blocks and words if it was read."""
    row = Lecture(
        id=uuid.uuid4(),
        owner=owner,
        title=Lecture.title_from(name),
        file_name=name,
        state=state,
        created_at=now(),
    )
    row.file = f"{row.prefix}/lecture.pdf"
    pdf = pdf or pdf_of(row)
    row.size, row.sha256 = len(pdf), hashlib.sha256(pdf).hexdigest()
    if state == LectureState.READ:
        row.page_count, row.language = len(TEXTS), "en"
        row.reader_version = READER_VERSION
    for field, value in fields.items():
        setattr(row, field, value)
    row.save(force_insert=True)
    files.keep_derived(row.file, pdf)
    if state == LectureState.READ:
        _add_pages(row)
    return row


def exam(
    owner: User,
    *,
    of: Lecture | None = None,
    state: ExamState = ExamState.DRAFT,
    kinds: Sequence[content.Kind] = FOUR,
    **fields: Any,
) -> Exam:
    """An exam in any state; only one that was drafted has questions and a document."""
    source = of or lecture(owner)
    drafted = state in (ExamState.DRAFT, ExamState.PUBLISHED, ExamState.CLOSED)
    row = Exam(
        owner=owner,
        lecture=source,
        title=source.title,
        state=state,
        settings=Wish(questions=len(kinds)).to_json(),
        created_at=now(),
    )
    if drafted:
        row.language, row.engine_name, row.engine_version = "en", "offline", "1"
        row.document = f"{row.prefix}/exam-000000000000.json"
        row.shortfall = {"asked": len(kinds), "made": len(kinds), "reasons": []}
    for field, value in fields.items():
        setattr(row, field, value)
    row.save(force_insert=True)
    if drafted:
        files.keep_derived(row.document, b"{}")
        Question.objects.bulk_create(
            question_row(row, kind, position=place)
            for place, kind in enumerate(kinds, start=1)
        )
    return row


def reviewed(
    owner: User, *, kinds: Sequence[content.Kind] = FOUR, **fields: Any
) -> Exam:
    """A draft whose questions are all accepted."""
    row = exam(owner, kinds=kinds, **fields)
    row.questions.update(state=QuestionState.ACCEPTED)
    return row


def question(kind: content.Kind, **fields: Any) -> content.Question:
    """A question of this kind in the vocabulary of `content`."""
    return content.Question(
        **{
            "id": str(uuid.uuid4()),
            "stem": STEMS[kind],
            "body": BODIES[kind],
            "topic": "leaf",
            "explanation": f"The lecture says: {QUOTES[kind]}",
            "evidence": (evidence(QUOTES[kind]),),
            **fields,
        }
    )


def question_row(
    of: Exam,
    kind: content.Kind,
    *,
    position: int,
    state: QuestionState = QuestionState.PROPOSED,
) -> Question:
    made = question(kind)
    return Question(
        id=made.id,
        exam=of,
        position=position,
        kind=kind,
        stem=made.stem,
        body=body_to_dict(made.body),
        points=made.points,
        difficulty=made.difficulty,
        bloom=made.bloom,
        topic=made.topic,
        explanation=made.explanation,
        evidence=[
            {"page": e.page, "start": e.start, "end": e.end, "quote": e.quote}
            for e in made.evidence
        ],
        provenance={"engine": "offline", "version": "1"},
        state=state,
    )


def evidence(quote: str) -> Evidence:
    """Where a sentence of `TEXTS` stands."""
    number, text = next(
        (number, text) for number, text in enumerate(TEXTS, start=1) if quote in text
    )
    start = text.index(quote)
    return Evidence(number, start, start + len(quote), quote)


def _add_pages(row: Lecture) -> None:
    for number, text in enumerate(TEXTS, start=1):
        thumbnail = f"{row.prefix}/pages/{number:04d}-320.webp"
        image = f"{row.prefix}/pages/{number:04d}-1024.webp"
        for key in (thumbnail, image):
            files.keep_derived(key, PICTURE)
        page = Page.objects.create(
            lecture=row,
            number=number,
            kind="prose",
            width=600,
            height=800,
            text=text,
            words=list(_words(text)),
            thumbnail=thumbnail,
            image=image,
        )
        Block.objects.create(page=page, order=0, role="para", start=0, end=len(text))


def _words(text: str) -> list[list[int]]:
    """One line of words, each a fiftieth of the page wide."""
    found: list[list[int]] = []
    at = 0
    for place, word in enumerate(text.split(" ")):
        left = 200 * place
        found.append([at, at + len(word), left, 1000, left + 180, 1200])
        at += len(word) + 1
    return found
