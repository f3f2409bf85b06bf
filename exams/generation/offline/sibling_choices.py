"""Which kind is it: one kind of a thing among the lecture's other kinds of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exams.content import Bloom, Kind, TrueFalse
from exams.gate.wording import fold, singular
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.drafting import choice, draft
from exams.generation.offline.kinds import KindOf
from exams.generation.offline.phrases import as_option, head
from exams.generation.offline.sentences import Sentence


def sibling_questions(
    analysis: Analysis, sentence: Sentence, kinds: tuple[Kind, ...], options: int
) -> Iterator[Draft]:
    asked = analysis.kinds.get(sentence.order)
    if asked is None:
        return
    siblings = [
        other
        for other in analysis.kinds.values()
        if other.head == asked.head and fold(other.term) != fold(asked.term)
    ]
    names = _names(analysis, asked, siblings)[: options - 1]
    if Kind.SINGLE_CHOICE in kinds and len(names) == options - 1:
        yield draft(
            analysis,
            sentence,
            "sibling",
            f"Which of the following is {asked.phrase}?",
            choice(as_option(asked.term), [as_option(name) for name in names]),
            term=asked.term,
            bloom=Bloom.UNDERSTAND,
        )
    if Kind.TRUE_FALSE in kinds and siblings:
        nearest = min(
            siblings, key=lambda other: abs(other.sentence.order - sentence.order)
        )
        for said, correct in ((asked.phrase, True), (nearest.phrase, False)):
            text = f"{asked.article} {asked.term} is {said}.".lstrip()
            yield draft(
                analysis,
                sentence,
                "sibling",
                text[:1].upper() + text[1:],
                TrueFalse(correct),
                term=asked.term,
                bloom=Bloom.UNDERSTAND,
            )


def _names(analysis: Analysis, asked: KindOf, siblings: Sequence[KindOf]) -> list[str]:
    """The defined siblings, then other terms of the same noun."""
    near = sorted(
        siblings,
        key=lambda other: abs(other.sentence.order - asked.sentence.order),
    )
    others = [
        term.text
        for term in analysis.terms_near(asked.sentence)
        if not term.plural
        and len(term.key) > 1
        and singular(head(term.text)) == asked.head
        and fold(term.text) != fold(asked.term)
    ]
    names = {fold(name): name for name in (*others, *(item.term for item in near))}
    order = [fold(item.term) for item in near] + [fold(name) for name in others]
    return [names[key] for key in dict.fromkeys(order)]
