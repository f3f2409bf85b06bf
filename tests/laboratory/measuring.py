"""A lecture through reader, engine and gate: what it gives, what it costs."""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import django

from exams import content
from exams.generation import (
    Blueprint,
    Engine,
    Generated,
    Section,
    generate_exam,
)
from exams.generation.sections import cut_sections, readable_pages
from exams.reading import Box, Document, ReadingError, read_lecture
from exams.services.wishes import Wish
from tests.samples import documents

# So many questions a page are asked for to see how many a lecture gives.
PLENTY = 5
_OTHER = "# Rivers\nA river is a stream of water that flows to the sea."
# A marker is a little wider than the letters.
MARGIN = 1.5


@dataclass(frozen=True, slots=True)
class Answer:
    """A line under the stem: an option, an accepted answer, a pair."""

    text: str
    correct: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a rater sees it. `key` names it over all runs that draft it."""

    key: str
    number: int
    maker: str
    question: content.Question
    answers: tuple[Answer, ...]
    boxes: Mapping[int, Sequence[Box]] = field(default_factory=dict)

    @property
    def page(self) -> int:
        return self.question.evidence[0].page


@dataclass(frozen=True, slots=True)
class Yield:
    """All that the lecture gives: its questions when there is no end to the asking."""

    questions: int
    drafts: int
    kinds: Mapping[str, int]
    makers: Mapping[str, int]
    rejections: Mapping[str, int]
    pages: int
    readable: int
    sections: int
    all_sections: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One lecture. `peak` is of the process, in MB.

    Seconds of `drafting` are of the processor; those of `reading`, for which other
    processes are started, are on the wall. `refused` is the reader's reason, and then there is nothing else.
    """

    name: str
    title: str = ""
    language: str = ""
    engine: str = ""
    version: str = ""
    texts: Mapping[int, str] = field(default_factory=dict)
    sizes: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    missing: int = 0
    given: Yield | None = None
    reading: float = 0.0
    drafting: float = 0.0
    peak: float = 0.0
    refused: str = ""

    @property
    def pages(self) -> int:
        return len(self.texts)


def measure_all(paths: Sequence[Path], questions: int) -> list[Measured]:
    """Measure each in a process of its own, so that memory is of that lecture alone."""
    context = get_context("spawn")
    with context.Pool(1, maxtasksperchild=1) as pool:
        return pool.starmap(measure, [(path, questions) for path in paths], chunksize=1)


def measure(path: Path, questions: int) -> Measured:
    django.setup()
    try:
        started = time.perf_counter()
        document = read_lecture(path)
        reading = time.perf_counter() - started
    except ReadingError as error:
        return Measured(name=path.stem, refused=error.code)
    # Something else first, so that what is loaded once is not counted.
    draft(documents.document(_OTHER, language=document.language), offline(), 1)
    engine = offline()
    started = time.process_time()
    made = draft(document, engine, questions)
    drafting = time.process_time() - started
    plenty = draft(document, engine, PLENTY * len(document.pages))
    return Measured(
        name=path.stem,
        title=document.title,
        language=document.language,
        engine=engine.name,
        version=engine.version,
        texts={page.number: page.text for page in document.pages},
        sizes={page.number: (page.width, page.height) for page in document.pages},
        asked=tuple(_asked(path.stem, made, document)),
        missing=made.exam.shortfall.missing,
        given=_given(plenty, document),
        reading=reading,
        drafting=drafting,
        peak=peak_megabytes(),
    )


def offline() -> Engine:
    """The engine of new exams, as a worker makes one for each."""
    return Wish().load_engine()


def draft(
    document: Document, engine: Engine, questions: int, *, seed: int = 1
) -> Generated:
    return generate_exam(
        document,
        Blueprint(questions=max(1, questions), seed=seed),
        engine,
        source=content.LectureSource(
            title=document.title, sha256="", pages=len(document.pages)
        ),
    )


def peak_megabytes() -> float:
    """The most memory that this process has ever had, by the kernel's own mark.

    Unlike `ru_maxrss` it knows nothing of the process that started this one.
    """
    status = Path("/proc/self/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def _asked(name: str, made: Generated, document: Document) -> list[Asked]:
    pages = {page.number: page for page in document.pages}
    found = []
    for number, question in enumerate(made.exam.questions, start=1):
        boxes: dict[int, list[Box]] = {}
        for item in question.evidence:
            page = pages[item.page]
            lit = page.rectangles(item.start, item.end, margin=MARGIN)
            boxes.setdefault(item.page, []).extend(lit)
        found.append(
            Asked(
                key=_key(name, question),
                number=number,
                maker=made.makers[question.id],
                question=question,
                answers=tuple(answers(question.body)),
                boxes=boxes,
            )
        )
    return found


def _key(name: str, question: content.Question) -> str:
    """The same for what asks the same in the same lecture, however it is labelled."""
    lines = sorted((answer.text, answer.correct) for answer in answers(question.body))
    same = (name, question.kind.value, question.stem, lines)
    return hashlib.sha256(repr(same).encode()).hexdigest()[:12]


def answers(body: content.Body) -> list[Answer]:  # noqa: PLR0911 - one case a kind
    """The key and what stands beside it, line by line."""
    match body:
        case content.SingleChoice(options) | content.MultipleChoice(options):
            return [Answer(option.text, option.correct) for option in options]
        case content.TrueFalse(correct):
            return [Answer("True", correct), Answer("False", not correct)]
        case content.ShortAnswer(accepted):
            return [Answer(text, correct=True) for text in accepted]
        case content.Matching(pairs):
            return [Answer(f"{left} → {right}", correct=True) for left, right in pairs]
        case content.Numeric(value, tolerance, unit):
            return [Answer(f"{value} ± {tolerance} {unit}".rstrip(), correct=True)]
        case content.Ordering(items):
            return [Answer(f"{n}. {text}", True) for n, text in enumerate(items, 1)]
        case content.Essay(rubric):
            return [Answer(rubric, correct=True)]


def _given(made: Generated, document: Document) -> Yield:
    questions = made.exam.questions
    cited = [item for question in questions for item in question.evidence]
    sections = cut_sections(document)
    covered = sum(
        any(_stands_in(item, section, document) for item in cited)
        for section in sections
    )
    return Yield(
        questions=len(questions),
        drafts=made.drafts,
        kinds=Counter(question.kind.value for question in questions),
        makers=Counter(made.makers.values()),
        rejections=made.rejections,
        pages=len({item.page for item in cited}),
        readable=sum(1 for _ in readable_pages(document)),
        sections=covered,
        all_sections=len(sections),
    )


def _stands_in(item: content.Evidence, section: Section, document: Document) -> bool:
    blocks = (
        document.pages[span.page - 1].blocks[span.block]
        for span in section.spans
        if span.page == item.page
    )
    return any(block.start <= item.start < block.end for block in blocks)
