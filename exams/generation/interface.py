"""What an engine is asked, and what it answers. The same for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, runtime_checkable

from exams.content import Evidence, Exam, Finding, Kind, Question
from exams.gate.report import Report
from exams.reading.document import Document

DEFAULT_KINDS = (
    Kind.SINGLE_CHOICE,
    Kind.TRUE_FALSE,
    Kind.SHORT_ANSWER,
    Kind.MATCHING,
)
MIN_OPTIONS, MAX_OPTIONS = 2, 6


class BlueprintError(ValueError):
    """A wish that no engine could fulfil; `code` and `params` as in ContentError."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What the teacher wants.

    `counts` fixes how many of each kind; without it the kinds are mixed by a default
    that favours choice. `pages` is first and last page, inclusive. `avoid` holds the
    evidence of questions that already exist, so that adding or regenerating one does
    not ask the same sentence again.
    """

    questions: int = 10
    kinds: tuple[Kind, ...] = DEFAULT_KINDS
    counts: Mapping[Kind, int] | None = None
    options: int = 4
    seed: int = 0
    pages: tuple[int, int] | None = None
    avoid: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        if self.counts is not None:
            # One truth: explicit counts decide both the kinds and the total.
            wanted = {kind: n for kind, n in self.counts.items() if n > 0}
            if any(n < 0 for n in self.counts.values()) or not wanted:
                raise BlueprintError("bad_counts")
            object.__setattr__(self, "counts", wanted)
            object.__setattr__(self, "kinds", tuple(wanted))
            object.__setattr__(self, "questions", sum(wanted.values()))
        if self.questions < 1:
            raise BlueprintError("too_few_questions", at_least=1)
        if not self.kinds:
            raise BlueprintError("no_kinds")
        if not MIN_OPTIONS <= self.options <= MAX_OPTIONS:
            raise BlueprintError(
                "bad_options", at_least=MIN_OPTIONS, at_most=MAX_OPTIONS
            )
        if self.pages is not None and not 1 <= self.pages[0] <= self.pages[1]:
            raise BlueprintError("bad_pages")

    def covers(self, page: int) -> bool:
        return self.pages is None or self.pages[0] <= page <= self.pages[1]


@dataclass(frozen=True, slots=True)
class Span:
    """A block of a section: where it stands and under which heading."""

    page: int
    block: int
    heading: str


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the lecture, about as much as one can ask a model at once."""

    index: int
    title: str
    spans: tuple[Span, ...]

    @property
    def first_page(self) -> int:
        return self.spans[0].page

    @property
    def last_page(self) -> int:
        return self.spans[-1].page


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed question. `score` orders drafts of one engine, best first.

    `maker` names what made it, for statistics of what teachers keep, and `prior` is
    the share of its questions that the engine expects them to keep. `fixed_order`
    marks options that stand in a natural order, such as years. `about` is the term
    asked for: one exam does not ask for the same term again and again.
    """

    question: Question
    score: float
    maker: str
    fixed_order: bool = False
    about: str = ""
    prior: float = 0.6


@dataclass(frozen=True, slots=True)
class Estimate:
    """What proposing for one section would take; zero for engines that are free."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)

    @property
    def free(self) -> bool:
        return self.input_tokens == 0 and self.output_tokens == 0 and self.cost == 0


class Engine(Protocol):
    """Proposes questions; never numbers, selects, stores or publishes them."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def propose(
        self, document: Document, section: Section, blueprint: Blueprint
    ) -> Iterable[Draft]:
        """Drafts from one section.

        `blueprint.questions` is this section's share for engines that cost, and the
        whole exam's number for engines that do not.
        """
        ...

    def estimate(self, section: Section) -> Estimate: ...

    def shortcomings(
        self, document: Document, blueprint: Blueprint
    ) -> tuple[Finding, ...]:
        """Why this document gave this engine little; asked only when it did."""
        ...


@runtime_checkable
class Studying(Protocol):
    """An engine that looks at the whole lecture before it drafts from any of it.

    A long lecture is studied section by section, so that the work shows how far it is
    and can be stopped.
    """

    def study(self, document: Document, section: Section) -> None: ...


@dataclass(frozen=True, slots=True)
class Generated:
    """An exam and how it came about.

    `rejections` counts hard gate findings by code over all drafts, kept or not;
    `reports` and `makers` hold the gate's report and the maker of each question.
    """

    exam: Exam
    drafts: int = 0
    rejections: Mapping[str, int] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    makers: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
