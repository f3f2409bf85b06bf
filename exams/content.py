"""The one vocabulary of a question and of an exam.

Everything that writes, checks, stores, prints or grades a question speaks in these
frozen dataclasses. A `Question` is what all kinds share; its `body` is one small
class per kind and holds what only that kind has, the key included. Nothing here
knows Django, files or people: problems are raised as codes with parameters, and the
sentences for them live in templates and forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of question, by the names used in documents and URLs."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    TRUE_FALSE = "true_false"
    SHORT_ANSWER = "short_answer"
    NUMERIC = "numeric"
    MATCHING = "matching"
    ORDERING = "ordering"
    ESSAY = "essay"


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Bloom(StrEnum):
    """Levels of the revised Bloom taxonomy, lowest first."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"
    EVALUATE = "evaluate"
    CREATE = "create"


class ContentError(ValueError):
    """A question or document that cannot be one.

    `code` is stable and `params` fill its sentence, for example
    `ContentError("too_few_options", at_least=2)`.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Evidence:
    """The lecture's own words: `page.text[start:end] == quote`, always.

    Pages count from 1, offsets are code points in that page's stored text.
    """

    page: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the gate noticed: a stable code, and the parameters of its sentence."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; `id` is unique inside its question."""

    id: str
    text: str
    correct: bool = False
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class SingleChoice:
    options: tuple[Option, ...]

    @property
    def kind(self) -> Kind:
        return Kind.SINGLE_CHOICE

    @property
    def key(self) -> Option:
        return next(option for option in self.options if option.correct)

    @property
    def distractors(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.correct)


@dataclass(frozen=True, slots=True)
class MultipleChoice:
    options: tuple[Option, ...]

    @property
    def kind(self) -> Kind:
        return Kind.MULTIPLE_CHOICE


@dataclass(frozen=True, slots=True)
class TrueFalse:
    """A statement to judge; the words "true" and "false" belong to the page."""

    correct: bool

    @property
    def kind(self) -> Kind:
        return Kind.TRUE_FALSE


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """Words typed by the student; any of `accepted` earns the points."""

    accepted: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        return Kind.SHORT_ANSWER


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number within `tolerance` of `value`, in `unit` when one is named."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    unit: str = ""

    @property
    def kind(self) -> Kind:
        return Kind.NUMERIC


@dataclass(frozen=True, slots=True)
class Matching:
    """Left sides and their right sides; a bijection."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> Kind:
        return Kind.MATCHING


@dataclass(frozen=True, slots=True)
class Ordering:
    """Things to put in order; `items` stands in the right one."""

    items: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        return Kind.ORDERING


@dataclass(frozen=True, slots=True)
class Essay:
    """Free text, graded by a person along `rubric`."""

    rubric: str = ""

    @property
    def kind(self) -> Kind:
        return Kind.ESSAY


Body = (
    SingleChoice
    | MultipleChoice
    | TrueFalse
    | ShortAnswer
    | Numeric
    | Matching
    | Ordering
    | Essay
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its key and the evidence that proves it.

    `stem` is plain text. `warnings` is the gate's soft report; a question that broke
    a hard rule never becomes one. `tags` are terms of the lecture; they stay on the
    site and are no part of a document.
    """

    id: str
    stem: str
    body: Body
    points: Decimal = Decimal(1)
    difficulty: Difficulty = Difficulty.MEDIUM
    bloom: Bloom = Bloom.REMEMBER
    topic: str = ""
    tags: tuple[str, ...] = ()
    explanation: str = ""
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def kind(self) -> Kind:
        return self.body.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class LectureSource:
    """Which lecture an exam came from: enough to recognise the file again."""

    title: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How many questions are missing, and why, most frequent reason first."""

    asked: int
    made: int
    reasons: tuple[Finding, ...] = ()

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.made)


@dataclass(frozen=True, slots=True)
class Version:
    """Which published exam a document is of; `sha256` is over paper, key and policy."""

    number: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """A whole exam, as the document `examgen/1` carries it.

    `version` is None for one that was not published.
    """

    title: str
    language: str
    engine_name: str
    engine_version: str
    seed: int
    lecture: LectureSource
    questions: tuple[Question, ...]
    shortfall: Shortfall
    version: Version | None = None

    @property
    def coverage(self) -> tuple[tuple[int, int], ...]:
        """(page, number of questions citing it) for every page of the lecture."""
        cited = [e.page for question in self.questions for e in question.evidence[:1]]
        return tuple(
            (page, cited.count(page)) for page in range(1, self.lecture.pages + 1)
        )


MIN_OPTIONS = 2
MIN_PAIRS = 2
MIN_ITEMS = 2


def body_problems(body: Body) -> Iterator[Finding]:  # noqa: C901, PLR0912
    """What makes a body impossible to answer or to grade, whoever wrote it.

    This is the shape alone; whether a well-formed question is a good one is the
    gate's business. A document reader raises the first, the gate reports all.
    """
    match body:
        case SingleChoice(options):
            yield from _option_problems(options)
            correct = sum(option.correct for option in options)
            if correct == 0:
                yield Finding("no_correct_option")
            elif correct > 1:
                yield Finding("several_correct_options", {"count": correct})
        case MultipleChoice(options):
            yield from _option_problems(options)
            if not any(option.correct for option in options):
                yield Finding("no_correct_option")
        case ShortAnswer(accepted):
            if not accepted or not all(answer.strip() for answer in accepted):
                yield Finding("no_accepted_answer")
        case Numeric(value, tolerance):
            if not (value.is_finite() and tolerance.is_finite()):
                yield Finding("number_not_finite")
            elif tolerance < 0:
                yield Finding("tolerance_negative")
        case Matching(pairs):
            if len(pairs) < MIN_PAIRS:
                yield Finding("too_few_pairs", {"count": len(pairs)})
            for side in (0, 1):
                yield from _repeats("pairs_not_unique", [pair[side] for pair in pairs])
        case Ordering(items):
            if len(items) < MIN_ITEMS:
                yield Finding("too_few_items", {"count": len(items)})
            yield from _repeats("items_not_unique", items)
        case TrueFalse() | Essay():
            pass


def _option_problems(options: Sequence[Option]) -> Iterator[Finding]:
    if len(options) < MIN_OPTIONS:
        yield Finding("too_few_options", {"count": len(options)})
    if any(not option.text.strip() for option in options):
        yield Finding("option_empty")
    yield from _repeats("option_ids_not_unique", [option.id for option in options])
    yield from _repeats("options_not_distinct", [option.text for option in options])


def _repeats(code: str, texts: Sequence[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            yield Finding(code, {"text": text})
            return
        seen.add(text)
