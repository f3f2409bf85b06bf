"""A gap where the lecture gives a thing its name: what is missing is never in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exams.content import Kind, ShortAnswer
from exams.gate.wording import alike, content_words
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.distractors import names_beside
from exams.generation.offline.drafting import choice, choice_malus, draft
from exams.generation.offline.recall import BLANK, accepted_forms
from exams.generation.offline.sentences import Sentence

_MIN_WORDS, _MAX_WORDS = 8, 30
# "(Dec for short)" right behind the gap says what is missing.
_ASIDE = re.compile(r"^\s*\([^()]*\)")


def naming_questions(
    analysis: Analysis, sentence: Sentence, kinds: tuple[Kind, ...], options: int
) -> Iterator[Draft]:
    naming = analysis.namings.get(sentence.order)
    if naming is None or not analysis.stands_alone(sentence):
        return
    if not _MIN_WORDS <= len(sentence.text.split()) <= _MAX_WORDS:
        return
    if sentence.plain[: naming.start] != sentence.text[: naming.start]:
        return  # It leans on the sentence before: "In addition, ...".
    before = re.sub(r"\b(a)n? $", r"\1(n) ", sentence.text[: naming.start])
    after = _ASIDE.sub("", sentence.text[naming.end :])
    if _says_again(naming.term, f"{before} {after}"):
        return
    stem = analysis.phrasebook.complete.format(sentence=f"{before}{BLANK}{after}")
    term = analysis.glossary.get(naming.term)
    if Kind.SINGLE_CHOICE in kinds and term is not None:
        others = names_beside(analysis, term, sentence, options - 1)
        if len(others) == options - 1:
            texts = [other.in_number_of(term) for other in others]
            yield draft(
                analysis,
                sentence,
                "naming",
                stem,
                choice(naming.term, texts),
                term=naming.term,
                difficulty=analysis.difficulty(naming.term, texts),
                malus=choice_malus(analysis, term, others),
            )
    if Kind.SHORT_ANSWER in kinds:
        yield draft(
            analysis,
            sentence,
            "naming",
            stem,
            ShortAnswer(accepted_forms(naming.term)),
            term=naming.term,
        )


def _says_again(term: str, rest: str) -> bool:
    said = content_words(rest)
    return any(alike(word, other) for word in content_words(term) for other in said)
