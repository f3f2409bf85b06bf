"""True or false: the lecture's own statements, and ones made false in a safe way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exams.content import Bloom, Difficulty, TrueFalse
from exams.gate.wording import word_set
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.choices import split_subject
from exams.generation.offline.definitions import Definition
from exams.generation.offline.distractors import confusable
from exams.generation.offline.drafting import draft
from exams.generation.offline.phrases import is_code
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.words import OPPOSITES

_MIN_WORDS, _MAX_WORDS = 8, 26
_MOST_OPPOSITES = 2
_MIN_LIKENESS = 0.3
_TURNING = word_set("VB VBD VBG VBN VBP VBZ MD JJR JJS RBR RBS NN NNS")
_TURNING_PLACES = frozenset({"acomp", "advmod", "prep"})
_ANY = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(sorted(OPPOSITES, key=len, reverse=True))
    + r")(?![\w-])"
)


def definition_statements(
    analysis: Analysis, definition: Definition
) -> Iterator[Draft]:
    """One true statement, and one with the definition of another term."""
    if not definition.nominal or definition.pattern == "called":
        return
    if definition.qualified:
        return  # "In animals, ..." without its first words would claim too much.
    # "Firewall: a filter ..." does not say whether it is a firewall or firewall.
    if definition.pattern == "glossary" and not definition.plural:
        return
    yield _statement(analysis, definition, definition, correct=True)
    others = [
        other
        for other in analysis.definitions_near(definition.sentence)
        if other is not definition
        and other.nominal
        and confusable(analysis, definition, other)
        and other.pattern != "glossary"
        and _is_near(analysis, definition, other)
        and (other.verb in {"was", "were"}) == (definition.verb in {"was", "were"})
    ]
    if others:
        nearest = min(
            others,
            key=lambda other: (
                other.genus != definition.genus,
                other.sentence.section != definition.sentence.section,
                abs(other.sentence.order - definition.sentence.order),
            ),
        )
        yield _statement(analysis, definition, nearest, correct=False)


def _is_near(analysis: Analysis, one: Definition, other: Definition) -> bool:
    """Of one kind or of one heading: a false statement should tempt, not amuse."""
    if one.genus == other.genus:
        return True
    if analysis.parsed:
        first, second = (
            analysis.glossary.get(one.term),
            analysis.glossary.get(other.term),
        )
        return bool(
            first and second and analysis.likeness(first, second) >= _MIN_LIKENESS
        )
    return one.sentence.heading == other.sentence.heading


def _statement(
    analysis: Analysis, subject: Definition, said: Definition, *, correct: bool
) -> Draft:
    verb = subject.verb
    if subject.pattern != "is":
        verb = "are" if subject.plural else "is"
    article = f"{subject.article} " if subject.article else ""
    text = f"{article}{subject.term} {verb} {said.phrase}."
    if not is_code(subject.term):
        text = text[:1].upper() + text[1:]
    return draft(
        analysis,
        subject.sentence,
        "statement" if correct else "swap",
        text,
        TrueFalse(correct),
        term=subject.term,
        difficulty=Difficulty.EASY if correct else Difficulty.MEDIUM,
        malus=max(0, len(text.split()) - 18) * 0.01,
    )


def turned_statements(  # noqa: PLR0911 - one refusal a line
    analysis: Analysis, sentence: Sentence
) -> Iterator[Draft]:
    """A sentence with one word that has a safe opposite: as it is, and turned."""
    text = analysis.statement(sentence)
    if not text or not _MIN_WORDS <= len(text.split()) <= _MAX_WORDS:
        return
    if sentence.order in analysis.defined_in:
        return
    found = list(_ANY.finditer(text))
    if not found or len(found) > _MOST_OPPOSITES:
        return
    if re.search(r"\b(?:not|no|never|if)\b", text):
        return
    word = found[-1]
    # "the vertical axis ... the horizontal axis": turning one of a pair is nonsense.
    if any(OPPOSITES[word.group()] == other.group() for other in found):
        return
    if not _turns_the_claim(analysis, sentence, word):
        return
    turned = text[: word.start()] + OPPOSITES[word.group()] + text[word.end() :]
    turned = _fix_articles(turned)
    terms = analysis.glossary.in_sentence.get(sentence.order, [])
    known = [term for term in terms if term.definition or term.marked]
    if not known:
        return
    term = max(known, key=lambda item: (item.score, item.key)).text
    # "can" and "has" are everywhere: such a statement must at least be about a term.
    plain = word.group() in {"can", "cannot", "has", "have", "lacks", "lack"}
    if plain and split_subject(analysis, sentence) is None:
        return
    for said, correct in ((text, True), (turned, False)):
        yield draft(
            analysis,
            sentence,
            "antonym",
            said,
            TrueFalse(correct),
            term=term,
            bloom=Bloom.UNDERSTAND,
            difficulty=Difficulty.MEDIUM,
            malus=0.1 if plain else 0.0,
            asks=False,
        )


def _turns_the_claim(
    analysis: Analysis, sentence: Sentence, word: re.Match[str]
) -> bool:
    """Whether the word says which way, and is not half of a name: "positive feedback"."""
    parse = analysis.parses.get(sentence.order)
    if parse is None:
        return True
    return any(
        token.start == word.start()
        and (token.tag in _TURNING or token.dep in _TURNING_PLACES)
        for token in parse.tokens
    )


def _fix_articles(text: str) -> str:
    text = re.sub(r"\b([Aa]) (?=(?:in|ex|im|ir|out|up)[a-z])", r"\1n ", text)
    return re.sub(r"\b([Aa])n (?=[bcdfghjklmnpqrstvwxyz])", r"\1 ", text)
