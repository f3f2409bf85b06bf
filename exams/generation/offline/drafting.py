"""What all makers share: a draft from a sentence, labelled and explained."""

from __future__ import annotations

from collections.abc import Sequence

from exams.content import (
    Bloom,
    Body,
    Difficulty,
    Option,
    Question,
    SingleChoice,
)
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.terms import Term

_TEMPTING = 0.35

# How often raters could use what each maker made (docs/quality.md), drawn to 0.6 where
# few were rated. The ranking starts from here: below `selection.FLOOR` a maker is heard
# only for the foremost terms, or where educators keep what it makes.
PRIORS = {
    "matching": 0.84,
    "antonym": 0.80,
    "statement": 0.80,
    "term": 0.80,
    "cloze": 0.56,
    "quantity": 0.71,
    "swap": 0.70,
    "sibling": 0.68,
    "definition": 0.64,
    "person": 0.62,
    "year": 0.60,
    "naming": 0.60,
    "essay": 0.60,
    "description": 0.58,
    "claim": 0.58,
    "subject": 0.58,
    "expression": 0.56,
    "members": 0.54,
    "object": 0.30,
    "what": 0.36,
}


def draft(
    analysis: Analysis,
    sentence: Sentence,
    maker: str,
    stem: str,
    body: Body,
    *,
    term: str,
    bloom: Bloom = Bloom.REMEMBER,
    difficulty: Difficulty = Difficulty.MEDIUM,
    more_evidence: Sequence[Sentence] = (),
    malus: float = 0.0,
    fixed_order: bool = False,
    asks: bool = True,
) -> Draft:
    """A draft whose explanation is the cited sentence itself.

    Unless it `asks` for the term, another question may do so in the same exam.
    """
    quoted = (sentence, *more_evidence)
    question = Question(
        id="draft",
        stem=stem,
        body=body,
        difficulty=difficulty,
        bloom=bloom,
        topic=analysis.topic(sentence, term),
        explanation="\n".join(
            analysis.phrasebook.explain.format(page=item.page, quote=item.text)
            for item in quoted
        ),
        evidence=tuple(item.evidence for item in quoted),
    )
    score = PRIORS[maker] + 0.2 * analysis.rank(term) - malus
    return Draft(
        question,
        round(score, 4),
        maker,
        fixed_order,
        about=term if asks else "",
        prior=PRIORS[maker],
    )


def choice_malus(analysis: Analysis, term: Term, others: Sequence[Term]) -> float:
    """What wrong answers of another sort cost; nothing where that cannot be told."""
    if not analysis.parsed:
        return 0.0
    return 0.6 * max(0.0, _TEMPTING - analysis.temptation(term, others))


def choice(key: str, distractors: Sequence[str]) -> SingleChoice:
    """The key first; the pipeline gives it its place and all options their letters."""
    texts = [key, *distractors]
    return SingleChoice(
        tuple(
            Option(id="abcdefghij"[index], text=text, correct=index == 0)
            for index, text in enumerate(texts)
        )
    )
