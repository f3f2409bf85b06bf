"""Questions for the subject of a plain main clause: "Which of these ...?", "What ...?"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exams.content import Bloom, Kind, ShortAnswer, TrueFalse
from exams.gate.wording import content_words, shared, word_set
from exams.generation.interface import Draft
from exams.generation.offline.analysis import YEAR, Analysis
from exams.generation.offline.clauses import Clause
from exams.generation.offline.distractors import subjects_beside
from exams.generation.offline.drafting import choice, choice_malus, draft
from exams.generation.offline.labels import PERSON
from exams.generation.offline.parsing import Token
from exams.generation.offline.phrases import as_option
from exams.generation.offline.recall import accepted_forms
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.terms import Term
from exams.generation.offline.trimming import trim
from exams.generation.offline.words import NO_HYPERNYM

_MIN_WORDS, _MAX_WORDS = 5, 22
_MIN_WORDS_LISTED = 3
_COMFORTABLE = 15
_MIN_NOUNS = 2
_MIN_MENTIONS = 2
_MIN_CONTENT = 4
_MIN_LIKENESS = 0.35
# An empty verb is enough where what follows tells when: "occurs when plates collide".
_ON_TERMS = re.compile(
    r"(?:occurs?|happens?|arises?|takes? place) (?:when|if|because)\b"
)
# What ties a claim to its moment or its neighbours.
TIED = re.compile(
    r"\b(?:as well|too|own|recent(?:ly)?|now|today|still|currently|nowadays|already|yet|"
    r"again|many other|the other|others?|even)\b"
)
# With "all" or "most" before it, a claim is about how many and not about which.
_PLAIN_DETERMINERS = frozenset({"", "a", "an", "the", "every", "each"})
HEDGES = frozenset(
    {"can", "may", "might", "could", "would", "should", "must", "will", "shall"}
)
# What is said with these fits too many subjects, or says nothing to be known.
EMPTY_VERBS = word_set(
    """
    appear arise become begin change come depend differ exist follow get go happen
    have look matter need occur play remain refer seem start tend try vary want mean
    """
)
# Many things increase or affect something: without options nobody knows which is meant.
_OPEN_VERBS = word_set(
    """
    affect cause change contribute decrease help improve increase influence lead lower
    raise reduce support
    """
)
_OPINIONS = word_set(
    """
    able available beneficial challenging common complex complicated critical crucial
    different difficult easy effective essential fundamental good helpful important
    interesting key likely necessary popular possible powerful practical relevant
    significant similar simple subject suitable typical unique useful valuable vital
    """
)


def subject_questions(
    analysis: Analysis, sentence: Sentence, kinds: tuple[Kind, ...], options: int
) -> Iterator[Draft]:
    """One subject asked for: as choice where distractors are good, else in words."""
    clause = analysis.clauses.get(sentence.order)
    if clause is None or sentence.order in analysis.defined_in:
        return
    term = asked_subject(analysis, sentence, clause)
    if term is None or _is_person(clause):
        return
    said = said_of(
        clause, term, listed=sentence.listed and not sentence.text.endswith(".")
    )
    if not said:
        return
    malus = max(0, len(said.split()) - _COMFORTABLE) * 0.015
    others = subjects_beside(analysis, term, sentence, said, options - 1)
    if analysis.names.likely_label(term.text) == PERSON:
        others = []  # persons are asked for by "who", and beside persons alone
    if clause.determiner in {"each", "every"}:
        others = []  # what holds for each of a kind holds for kinds of it
    if Kind.SINGLE_CHOICE in kinds and len(others) == options - 1:
        texts = [as_option(other.in_number_of(term)) for other in others]
        yield draft(
            analysis,
            sentence,
            "subject",
            _stem(clause, "which of the following", said),
            choice(as_option(term.text), texts),
            term=term.text,
            bloom=Bloom.UNDERSTAND,
            difficulty=analysis.difficulty(term.text, texts),
            malus=malus + choice_malus(analysis, term, others),
        )
    if (
        Kind.SHORT_ANSWER in kinds
        and not clause.plural
        and clause.parse.tokens[clause.verb].lemma not in _OPEN_VERBS
        and _is_sure(analysis, clause, term)
    ):
        yield draft(
            analysis,
            sentence,
            "what",
            _stem(clause, _word(analysis, clause, term), said),
            ShortAnswer(
                accepted_forms(
                    term.text,
                    analysis.names.besides(term.text),
                    counted=clause.determiner in {"a", "an", "each", "every"},
                )
            ),
            term=term.text,
            malus=malus,
        )
    if Kind.TRUE_FALSE in kinds and _is_fair(analysis, term, others):
        yield from _judged(analysis, sentence, _Claim(clause, term, others[0], said))


def _is_fair(analysis: Analysis, term: Term, others: Sequence[Term]) -> bool:
    """Whether the claim made of another is surely false, and tempts all the same."""
    if not others or others[0].definition is None:
        return False
    return analysis.likeness(term, others[0]) >= _MIN_LIKENESS


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a clause says of its term, and another term of which it is not said."""

    clause: Clause
    term: Term
    other: Term
    said: str


def _judged(analysis: Analysis, sentence: Sentence, claim: _Claim) -> Iterator[Draft]:
    """The claim as it is, and the claim of another defined term: true and false."""
    clause, term, other, said = claim.clause, claim.term, claim.other, claim.said
    subject, name = clause.subject, other.in_number_of(term)
    article = other.definition.article if other.definition else ""
    if clause.determiner in {"the", "each", "every"}:
        article = clause.determiner
    swapped = f"{article} {name}".lstrip()
    for who, correct in ((subject, True), (swapped, False)):
        lead = f"{clause.lead}, " if clause.lead else ""
        text = f"{lead}{who if not lead else who[:1].lower() + who[1:]} {said}."
        yield draft(
            analysis,
            sentence,
            "claim",
            text[:1].upper() + text[1:],
            TrueFalse(correct),
            term=term.text,
            bloom=Bloom.UNDERSTAND,
        )


def _word(analysis: Analysis, clause: Clause, term: Term) -> str:
    person = analysis.names.label(term.text) == PERSON or _is_person(clause)
    return "who" if person else "what"


def _stem(clause: Clause, word: str, said: str) -> str:
    text = f"{clause.lead}, {word} {said}?" if clause.lead else f"{word} {said}?"
    return text[:1].upper() + text[1:]


def asked_subject(
    analysis: Analysis, sentence: Sentence, clause: Clause
) -> Term | None:
    """The subject, if it is a key term and nothing else."""
    if clause.determiner not in _PLAIN_DETERMINERS:
        return None
    term = analysis.glossary.get(clause.bare_subject)
    if term is None or term.plural != clause.plural:
        return None
    if term.definition is None and is_story(clause):
        return None
    once = len(term.mentions) < _MIN_MENTIONS and not term.is_name
    if once and not sentence.listed and not _is_general(clause):
        return None
    known = len(term.key) > 1 and _is_general(clause)
    if clause.determiner == "the" and not known and not analysis.is_key(term):
        return None
    return term


def _is_general(clause: Clause) -> bool:
    """Whether it says how things are, and not what somebody by name once did."""
    parse = clause.parse
    present = parse.tokens[clause.verb].tag in {"VBZ", "VBP"} or any(
        parse.tokens[at].tag in {"VBZ", "VBP"}
        for at in parse.children(clause.verb, "auxpass", "aux")
    )
    named = any(t.name or t.pos == "PROPN" for t in parse.tokens[clause.last + 1 :])
    return present and not named


def is_story(clause: Clause) -> bool:
    """Whether one must know from before who that was: "The governor ordered ..."."""
    parse = clause.parse
    forms = {
        parse.tokens[at].tag for at in parse.children(clause.verb, "auxpass", "aux")
    }
    past = "VBD" in {parse.tokens[clause.verb].tag, *forms}
    common = parse.tokens[clause.head].pos == "NOUN"
    told = parse.children(clause.head, "prep", "relcl", "acl")
    return past and common and clause.determiner == "the" and not told


def _bare(clause: Clause) -> Sequence[Token]:
    return clause.parse.tokens[clause.first : clause.last + 1]


def _is_sure(analysis: Analysis, clause: Clause, term: Term) -> bool:
    """Whether "who" or "what" is surely the word: no name, or a person's name."""
    labels = {token.name for token in _bare(clause) if token.pos == "PROPN"}
    if labels <= {""}:
        return True
    return analysis.names.label(term.text) == PERSON or _is_person(clause)


def _is_person(clause: Clause) -> bool:
    """A full name of the class alone, that does something, is a person at first sight."""
    named = [token for token in _bare(clause) if token.pos == "PROPN"]
    return (
        len(named) > 1
        and all(token.name == PERSON for token in named)
        and not clause.copular
    )


def said_of(clause: Clause, term: Term, *, listed: bool) -> str:  # noqa: PLR0911 - one refusal a line
    """What the clause says, if it is enough and tells the subject from others."""
    said = trim(clause.predicate)
    least = _MIN_WORDS_LISTED if listed else _MIN_WORDS
    if not least <= len(said.split()) <= _MAX_WORDS or shared(term.text, said):
        return ""
    parse, verb = clause.parse, clause.parse.tokens[clause.verb]
    helpers = {
        parse.tokens[i].text.casefold() for i in parse.children(clause.verb, "aux")
    }
    if helpers & HEDGES or parse.children(clause.verb, "neg"):
        return ""
    empty = verb.lemma in EMPTY_VERBS and not _ON_TERMS.match(said)
    if empty or TIED.search(said):
        return ""
    if not listed and (
        re.search(r"\d", YEAR.sub("", said)) or _content(said) < _MIN_CONTENT
    ):
        return ""
    if clause.copular and not _is_kind(clause):
        return ""
    inside = [
        t for t in parse.tokens[clause.last + 1 :] if t.start < _end(clause, said)
    ]
    if sum(token.pos in {"NOUN", "PROPN"} for token in inside) < _MIN_NOUNS:
        return ""
    return said


def _content(said: str) -> int:
    return sum(len(word) > 1 for word in content_words(said))


def _end(clause: Clause, said: str) -> int:
    at = clause.parse.text.find(
        said.split(maxsplit=1)[0], clause.parse.tokens[clause.last].end
    )
    return at + len(said)


def _is_kind(clause: Clause) -> bool:
    """Say what it is by a noun with something to tell it from others of its kind."""
    parse = clause.parse
    nouns = parse.children(clause.verb, "attr")
    if not nouns:
        return False
    noun = nouns[0]
    token = parse.tokens[noun]
    if token.pos not in {"NOUN", "PROPN"} or token.lemma in NO_HYPERNYM:
        return False
    opinion = {parse.tokens[child].lemma for child in parse.children(noun, "amod")}
    return not opinion & _OPINIONS and bool(
        parse.children(noun, "prep", "relcl", "acl", "amod", "compound")
    )
