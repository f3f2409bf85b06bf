"""An engine that proposes for an exam which has questions already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from exams.content import (
    Evidence,
    Finding,
    Matching,
    MultipleChoice,
    Ordering,
    Question,
    ShortAnswer,
    SingleChoice,
)
from exams.gate.exam_wide import answers, near_duplicates, same_sentence
from exams.gate.wording import alike, content_words
from exams.generation.interface import Blueprint, Draft, Engine, Estimate, Section
from exams.generation.selection import FLOOR
from exams.reading.document import Document

# What is near counts more than any difference of quality, the hint more than that.
_HINT_WEIGHT = 4.0
_NEAR_WEIGHT = 1.0


@dataclass
class Beside:
    """Passes on what `engine` proposes and fits beside `others`.

    A draft that asks the same as one of them, cites its sentence or tells its answer
    is left out. Of the rest those score higher that stand near the sentence `near`.
    With a `hint` only drafts remain that use one of its words in question, key or
    quote, those with most of them first: an engine that cannot be instructed is led by
    choosing among what it finds.
    """

    engine: Engine
    others: Sequence[Question] = ()
    near: Evidence | None = None
    hint: str = ""
    _unfit: set[tuple[int, int]] = field(default_factory=set, init=False)
    _unlike: bool = field(default=False, init=False)

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def version(self) -> str:
        return self.engine.version

    def estimate(self, section: Section) -> Estimate:
        return self.engine.estimate(section)

    def propose(
        self, document: Document, section: Section, blueprint: Blueprint
    ) -> Iterator[Draft]:
        wanted = content_words(self.hint)
        for draft in self.engine.propose(document, section, blueprint):
            question = draft.question
            said = _share_said(wanted, question) if wanted else 0.0
            if self.hint.strip() and not said:
                self._unlike = True
                continue
            if any(_clash(question, other) for other in self.others):
                self._unfit.add((question.evidence[0].page, question.evidence[0].start))
                continue
            if draft.score < FLOOR:
                # A weak question does not become a good one by standing near.
                yield draft
                continue
            nearness = _nearness(question, self.near) if self.near else 0.0
            bonus = _HINT_WEIGHT * said + _NEAR_WEIGHT * nearness
            yield replace(draft, score=draft.score + bonus)

    def shortcomings(
        self, document: Document, blueprint: Blueprint
    ) -> tuple[Finding, ...]:
        return tuple(self._shortcomings(document, blueprint))

    def _shortcomings(
        self, document: Document, blueprint: Blueprint
    ) -> Iterator[Finding]:
        if self.hint.strip() and self._unlike:
            yield Finding("hint_unmet", {"hint": self.hint.strip()})
        yield from self.engine.shortcomings(document, blueprint)
        if self._unfit:
            yield Finding("already_asked", {"count": len(self._unfit)})


def _clash(one: Question, other: Question) -> bool:
    return (
        same_sentence(one, other)
        or near_duplicates(one, other)
        or answers(one, other)
        or answers(other, one)
    )


def _share_said(wanted: Sequence[str], question: Question) -> float:
    """The share of these words that the question, its key or its quotes use."""
    said = {word for text in _texts(question) for word in content_words(text)}
    used = sum(any(alike(word, other) for other in said) for word in wanted)
    return used / len(wanted)


def _texts(question: Question) -> Iterable[str]:
    yield question.stem
    yield from (item.quote for item in question.evidence)
    match question.body:
        case SingleChoice(options) | MultipleChoice(options):
            yield from (option.text for option in options if option.correct)
        case ShortAnswer(accepted):
            yield from accepted
        case Matching(pairs):
            yield from (side for pair in pairs for side in pair)
        case Ordering(items):
            yield from items
        case _:
            pass


def _nearness(question: Question, near: Evidence) -> float:
    """2 for the same sentence, 1 for the same page, less for every page between."""
    first = question.evidence[0]
    if first.page == near.page and first.start < near.end and near.start < first.end:
        return 2.0
    return 1 / (1 + abs(first.page - near.page))
