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

# How often teachers could use what each maker made, by rating samples; the ranking
# starts from here.
PRIORS = {
    "definition": 0.80,
    "description": 0.72,
    "matching": 0.85,
    "term": 0.74,
    "year": 0.70,
    "subject": 0.68,
    "what": 0.62,
    "object": 0.62,
    "claim": 0.55,
    "statement": 0.56,
    "antonym": 0.60,
    "swap": 0.52,
    "naming": 0.66,
    "person": 0.62,
    "cloze": 0.40,
    "essay": 0.60,
    "quantity": 0.62,
    "members": 0.70,
    "sibling": 0.70,
    "expression": 0.70,
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
    return Draft(question, round(score, 4), maker, fixed_order, term if asks else "")


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
