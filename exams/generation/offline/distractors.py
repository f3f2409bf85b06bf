"""Wrong answers of the right sort: the lecture's own terms, alike in form, not in fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exams.gate.wording import fold, resemblance, singular, support, words
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.definitions import Definition
from exams.generation.offline.phrases import head
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.terms import Term
from exams.generation.offline.words import OPPOSITES

_TOO_ALIKE = 0.45
_SMALL = frozenset({"a", "an", "the", "of", "in", "to", "and", "or", "that", "which"})
_SAME_CLAIM = 0.6
_MIN_LIKENESS = 0.1
_TEMPTING = 2
_LENGTH_RATIO = 2.3


@dataclass(frozen=True, slots=True)
class _Asked:
    """`claim` is what the stem says of the term, in `sentence`'s words."""

    term: Term
    definition: Definition | None
    sentence: Sentence
    claim: str


def terms_beside(analysis: Analysis, definition: Definition, wanted: int) -> list[Term]:
    """Up to `wanted` other terms that could be, but are not, what is defined."""
    term = analysis.glossary.get(definition.term)
    if term is None:
        return []
    asked = _Asked(term, definition, definition.sentence, definition.phrase)
    return _best(analysis, asked, wanted, needs_definition=False)


def subjects_beside(
    analysis: Analysis, term: Term, sentence: Sentence, claim: str, wanted: int
) -> list[Term]:
    """Other terms that could be the subject of a claim, but are not said to be."""
    asked = _Asked(term, term.definition, sentence, claim)
    return _best(analysis, asked, wanted, needs_definition=not analysis.parsed)


def names_beside(
    analysis: Analysis, term: Term, sentence: Sentence, wanted: int
) -> list[Term]:
    """Other names the lecture gives, for the gap where it gives this one."""
    asked = _Asked(term, term.definition, sentence, sentence.text)
    return _best(analysis, asked, wanted, needs_definition=False)


def definitions_beside(
    analysis: Analysis, definition: Definition, wanted: int
) -> list[Definition]:
    """Other definitions that read like this one and are true of something else."""
    others: list[tuple[float, int, Definition]] = []
    length = len(definition.phrase)
    for other in analysis.definitions_near(definition.sentence):
        if other is definition or not confusable(analysis, definition, other):
            continue
        ratio = max(length, len(other.phrase)) / min(length, len(other.phrase))
        if ratio > _LENGTH_RATIO or not other.nominal:
            continue
        if _opening(other.phrase) != _opening(definition.phrase):
            continue
        closeness = _closeness(definition.sentence, other)
        if other.genus == definition.genus:
            closeness += 0.4
        if other.sentence.heading == definition.sentence.heading:
            closeness += 0.2
        score = closeness - 0.5 * (ratio - 1)
        others.append((round(score, 3), -other.sentence.order, other))
    others.sort(reverse=True, key=lambda item: item[:2])
    return _mutually_distinct([item[2] for item in others], wanted)


def confusable(analysis: Analysis, one: Definition, other: Definition) -> bool:
    """Whether `other` is surely something else than `one`, and of the same sort."""
    if one.plural != other.plural or one.name != other.name:
        return False
    first, second = (
        analysis.glossary.get(one.term),
        analysis.glossary.get(other.term),
    )
    if first is None or second is None or first.number != second.number:
        return False
    return not (
        _nested(first, second)
        or analysis.are_related(first, second)
        or _mentions(one.phrase, second)
        or _mentions(other.phrase, first)
        or _same_claim(one.phrase, other.phrase)
        or _is_synonym(one, second)
        or _is_synonym(other, first)
        or one.genus in second.key
        or other.genus in first.key
    )


def _same_claim(one: str, other: str) -> bool:
    """Whether two texts may say one thing: much alike, and no word apart on each side.

    "lack of vitamin C" and "lack of vitamin D" are alike and yet two things.
    """
    if resemblance(one, other) <= _TOO_ALIKE or contrast(one, other):
        return False
    first, second = set(words(one)), set(words(other))
    return not (first - second - _SMALL and second - first - _SMALL)


def contrast(one: str, other: str) -> bool:
    """Whether two texts part at an opposite: "rises when ..." and "falls when ...".

    Such a pair says two things however alike it sounds: the best of wrong answers.
    """
    first, second = set(words(one)), set(words(other))
    return any(
        OPPOSITES[word] in second
        and (word not in second or OPPOSITES[word] not in first)
        for word in first & OPPOSITES.keys()
    )


def _opening(phrase: str) -> str:
    """Options alike in form: all begin with an article, or none does."""
    first = phrase.split(" ", 1)[0]
    return "article" if first in {"a", "an", "the", "any"} else "bare"


def _mutually_distinct(
    candidates: Iterable[Definition], wanted: int
) -> list[Definition]:
    chosen: list[Definition] = []
    for candidate in candidates:
        if len(chosen) == wanted:
            break
        if not any(_same_claim(candidate.phrase, other.phrase) for other in chosen):
            chosen.append(candidate)
    return chosen


def _best(
    analysis: Analysis, asked: _Asked, wanted: int, *, needs_definition: bool
) -> list[Term]:
    candidates = [
        term
        for term in analysis.terms_near(asked.sentence)
        if term.definition is not None
        or (not needs_definition and _is_sure(analysis, term))
    ]
    candidates.sort(key=lambda term: (-_rate(analysis, asked, term), term.key))
    chosen: list[Term] = []
    spare: list[Term] = []
    for term in candidates:
        if len(chosen) == wanted:
            break
        # Two distractors that name one thing would be one option shown twice.
        if any(_nested(term, other) for other in chosen) or not _fits(
            analysis, asked, term
        ):
            continue
        near = not analysis.parsed or (
            analysis.likeness(asked.term, term) >= _MIN_LIKENESS
        )
        (chosen if near else spare).append(term)
    # Two that tempt are worth asking for; the last may be any key term of the lecture.
    if wanted - 1 == len(chosen) >= _TEMPTING:
        chosen += [t for t in spare if not any(_nested(t, c) for c in chosen)][:1]
    return chosen


def _is_sure(analysis: Analysis, term: Term) -> bool:
    """An undefined term is only taken when the lecture marks it as one."""
    return analysis.is_key(term)


def _fits(analysis: Analysis, asked: _Asked, term: Term) -> bool:  # noqa: PLR0911 - one refusal a line
    if term.key == asked.term.key or not _in_number(asked.term, term):
        return False
    if asked.definition and asked.definition.name != _is_name(analysis, term):
        return False
    if analysis.parsed and not _is_of_its_type(analysis, asked.term, term):
        return False
    if _nested(asked.term, term) or analysis.are_related(asked.term, term):
        return False
    if _mentions(asked.sentence.text, term):
        return False
    other = term.definition
    if other is None:
        return not _claimed_elsewhere(analysis, term, asked.claim)
    if asked.definition is not None and not confusable(
        analysis, asked.definition, other
    ):
        return False
    return (
        not _same_claim(asked.claim, other.phrase)
        and not _mentions(other.phrase, asked.term)
        and not _claimed_elsewhere(analysis, term, asked.claim)
    )


def _in_number(one: Term, other: Term) -> bool:
    """Of one number, or made so: "complements" can stand as "complement"."""
    if one.number == other.number:
        return True
    return one.number == "singular" and other.number == "plural" and bool(other.one)


def _is_of_its_type(analysis: Analysis, one: Term, other: Term) -> bool:
    """Whether the lecture speaks of both in like ways, and neither holds the other.

    "Cell theory" beside "cell" tells that the cell is meant.
    """
    first, second = set(one.key), set(other.key)
    labels = (
        analysis.names.likely_label(one.text),
        analysis.names.likely_label(other.text),
    )
    return (
        (analysis.likeness(one, other) >= _MIN_LIKENESS or _is_marked(other))
        and not first <= second
        and not second <= first
        and one.is_name == other.is_name
        and labels[0] == labels[1]
        and (bool(labels[0]) or not one.is_name)
    )


def _is_marked(term: Term) -> bool:
    return term.definition is not None or term.marked


def _is_name(analysis: Analysis, term: Term) -> bool:
    if term.definition is not None:
        return term.definition.name
    return term.text[:1].isupper() and analysis.capitals.is_name(term.text.split()[0])


def _nested(one: Term, other: Term) -> bool:
    """Whether one term ends with, or equals, the other: "cell", "animal cell"."""
    short, long = sorted((one.key, other.key), key=len)
    return long[-len(short) :] == short or _acronym(one, other)


def _acronym(one: Term, other: Term) -> bool:
    short, long = sorted((one, other), key=lambda term: len(term.key))
    initials = "".join(word[0] for word in long.key)
    return len(long.key) > 1 and short.key == (initials,)


def _mentions(text: str, term: Term) -> bool:
    said = [singular(word) for word in words(text)]
    size = len(term.key)
    return any(
        tuple(said[at : at + size]) == term.key for at in range(len(said) - size + 1)
    )


def _is_synonym(definition: Definition, term: Term) -> bool:
    return any(fold(name) == " ".join(term.key) for name in definition.synonyms)


def _claimed_elsewhere(analysis: Analysis, term: Term, claim: str) -> bool:
    """Whether some sentence says the same of this term: then it would be right too."""
    looked_at = 40
    return any(
        support(claim, analysis.sentences[order].text) > _SAME_CLAIM
        and not (term.definition and term.definition.sentence.order == order)
        and not contrast(claim, analysis.sentences[order].text)
        for order in term.mentions[:looked_at]
    )


def _closeness(sentence: Sentence, other: Definition) -> float:
    near = 0.4 if other.sentence.section == sentence.section else 0.0
    return near - 0.01 * min(40, abs(other.sentence.page - sentence.page))


def _rate(analysis: Analysis, asked: _Asked, term: Term) -> float:
    """Alike in kind, near in the lecture, alike in length, known from the lecture."""
    score = 0.5 * analysis.rank(term.text)
    if analysis.parsed:
        score += analysis.likeness(asked.term, term)
    if term.definition is not None:
        score += 0.5 + _closeness(asked.sentence, term.definition)
        if asked.definition and term.definition.genus == asked.definition.genus:
            score += 0.4
    else:
        page = analysis.sentences[term.mentions[0]].page if term.mentions else 0
        score += 0.3 - 0.02 * min(20, abs(page - asked.sentence.page))
    if singular(head(term.text)) == singular(head(asked.term.text)):
        score += 0.35
    elif set(term.key) & set(asked.term.key):
        score += 0.15
    if term.text[-4:] == asked.term.text[-4:]:
        score += 0.1
    score -= 0.02 * abs(len(term.text) - len(asked.term.text))
    return round(score, 3)
