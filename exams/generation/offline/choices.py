"""Single choice from definitions and from plain statements about known terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exams.content import Bloom
from exams.gate.wording import support
from exams.generation.interface import Draft
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.definitions import Definition
from exams.generation.offline.distractors import (
    definitions_beside,
    subjects_beside,
    terms_beside,
)
from exams.generation.offline.drafting import choice, choice_malus, draft
from exams.generation.offline.phrases import as_option, is_code, without_article
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.terms import key_of
from exams.generation.offline.trimming import trim
from exams.generation.offline.words import (
    IRREGULAR_PARTICIPLES,
    NO_HYPERNYM,
    VERBS_PLURAL,
    VERBS_SINGULAR,
)

_MIN_PREDICATE, _MAX_PREDICATE = 7, 22
_SUBJECT = re.compile(
    r"^(?P<subject>(?:(?:An?|The) )?[^,;:()]{2,50}?) (?P<rest>\S.*)\.$"
)


def definition_choices(
    analysis: Analysis, definition: Definition, options: int
) -> Iterator[Draft]:
    """Ask "Which term refers to ...?" with the lecture's other terms as options."""
    others = terms_beside(analysis, definition, options - 1)
    if len(others) < options - 1:
        return
    asked = analysis.glossary.terms[key_of(definition.term)]
    texts = [as_option(term.in_number_of(asked)) for term in others]
    yield draft(
        analysis,
        definition.sentence,
        "definition",
        term_stem(analysis, definition),
        choice(as_option(definition.term), texts),
        term=definition.term,
        difficulty=analysis.difficulty(definition.term, texts),
        malus=_malus(definition) + choice_malus(analysis, asked, others),
    )


def term_stem(analysis: Analysis, definition: Definition) -> str:
    phrase = definition.phrase
    if definition.name or is_code(definition.term):
        verb = definition.verb
        if definition.pattern == "action":
            return f"Which of the following {phrase}?"
        return f"Which of the following {verb} {phrase}?"
    return analysis.phrasebook.which_term.format(phrase=phrase)


def description_choices(
    analysis: Analysis, definition: Definition, options: int
) -> Iterator[Draft]:
    """Ask "What is a variable?" with the definitions of other terms as options."""
    if not definition.nominal:
        return
    others = definitions_beside(analysis, definition, options - 1)
    if len(others) < options - 1:
        return
    texts = [_sentence_case(other.phrase) for other in others]
    yield draft(
        analysis,
        definition.sentence,
        "description",
        description_stem(definition),
        choice(_sentence_case(definition.phrase), texts),
        term=definition.term,
        bloom=Bloom.UNDERSTAND,
        difficulty=analysis.difficulty(definition.term, []),
        malus=_malus(definition),
    )


def description_stem(definition: Definition) -> str:
    term = definition.term
    if definition.plural:
        return f"What {_copula(definition)} {term}?"
    if definition.name or is_code(term):
        return f"What {_copula(definition)} {term}?"
    article = definition.article
    if article == "the":
        return f"What {_copula(definition)} the {term}?"
    if article in {"a", "an"}:
        return f"What {_copula(definition)} {article} {term}?"
    return f"What is meant by “{term}”?"


def _copula(definition: Definition) -> str:
    if definition.verb in {"was", "were"}:
        return definition.verb
    return "are" if definition.plural else "is"


def _sentence_case(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def _malus(definition: Definition) -> float:
    """Long definitions read badly; a plain "is" defines less surely than "means"."""
    length = max(0, len(definition.phrase.split()) - 16) * 0.015
    return length + (0.06 if definition.pattern == "is" else 0.0)


def subject_choices(
    analysis: Analysis, sentence: Sentence, options: int
) -> Iterator[Draft]:
    """Ask for the subject: "Which of the following converts light into sugar?"."""
    parts = split_subject(analysis, sentence)
    if parts is None:
        return
    subject, predicate = parts
    term = analysis.glossary.get(subject)
    if term is None or (term.definition is None and not term.marked):
        return
    others = subjects_beside(analysis, term, sentence, predicate, options - 1)
    if len(others) < options - 1:
        return
    texts = [as_option(other.in_number_of(term)) for other in others]
    yield draft(
        analysis,
        sentence,
        "subject",
        f"Which of the following {predicate}?",
        choice(as_option(term.text), texts),
        term=term.text,
        bloom=Bloom.UNDERSTAND,
        difficulty=analysis.difficulty(term.text, texts),
        malus=max(0, len(predicate.split()) - 14) * 0.015,
    )


def split_subject(analysis: Analysis, sentence: Sentence) -> tuple[str, str] | None:
    """A known term and what a plain main clause says of it, or nothing."""
    if not sentence.stands_alone:
        return None
    subject = _known_subject(analysis, sentence.text)
    if subject is None:
        return None
    shown, term_text, plural = subject
    predicate = trim(sentence.text[len(shown) :].strip())
    said = predicate.split()
    if not _MIN_PREDICATE <= len(said) <= _MAX_PREDICATE:
        return None
    if not _is_predicate(said, plural=plural) or support(term_text, predicate):
        return None
    return term_text, predicate


def _known_subject(analysis: Analysis, text: str) -> tuple[str, str, bool] | None:
    """The longest known term a sentence begins with, as shown and by itself."""
    tokens = text.split()
    for size in range(min(6, len(tokens) - 1), 0, -1):
        shown = " ".join(tokens[:size])
        term = analysis.glossary.get(shown)
        if term is not None and without_article(shown)[:1].isalnum():
            return shown, term.text, term.plural
    return None


def _is_predicate(said: list[str], *, plural: bool) -> bool:
    verb = said[0]
    adverbs = {"also", "often", "usually", "typically", "always", "never"}
    if verb in adverbs:
        return False
    if verb in {"is", "are", "was", "were"}:
        if plural != (verb in {"are", "were"}):
            return False
        return _is_participle(said[1]) or _is_noun_predicate(said[1:])
    if verb in {"has", "have"}:
        return plural == (verb == "have")
    return verb in (VERBS_PLURAL if plural else VERBS_SINGULAR)


def _is_participle(word: str) -> bool:
    called = {"called", "known", "named", "termed", "used", "based", "referred"}
    return word not in called and (
        word in IRREGULAR_PARTICIPLES
        or (word.endswith("ed") and len(word) > len("need"))
    )


def _is_noun_predicate(said: list[str]) -> bool:
    return said[0] in {"a", "an", "the"} and not any(
        word in NO_HYPERNYM for word in said[1:4]
    )
