"""Key terms: what the lecture is about, by how often and how prominently it says so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from exams.gate.wording import FUNCTION_WORDS, singular, words
from exams.generation.offline.chunks import chunks
from exams.generation.offline.definitions import Definition
from exams.generation.offline.namings import Naming
from exams.generation.offline.parsing import Parse
from exams.generation.offline.phrases import (
    MAX_TERM_WORDS,
    Capitals,
    is_code,
    is_plural,
    is_term,
    without_article,
)
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.words import SINGULAR_IN_S

_CHUNK = re.compile(
    r"\b(?:an?|the|of|each|every|and|with|by|in|for) ((?:[^\W\d_][\w'’-]*)"
    r"(?: [^\W\d_][\w'’-]*){0,3})"
)
_MIN_MENTIONS = 2
_BOLD_BONUS, _HEADING_BONUS, _DEFINED_BONUS = 1.5, 1.3, 2.0
_NAMED_BONUS = 1.4

Key = tuple[str, ...]


@dataclass
class Term:
    """One concept. `text` is its form in running text, `mentions` sentence orders."""

    key: Key
    text: str
    plural: bool
    definition: Definition | None = None
    bold: bool = False
    heading: bool = False
    named: bool = False
    noun: bool = False
    mentions: list[int] = field(default_factory=list)
    score: float = 0.0

    @property
    def place(self) -> int:
        """The sentence that defines it, or else the first that has it."""
        if self.definition is not None:
            return self.definition.sentence.order
        return self.mentions[0] if self.mentions else 0

    @property
    def marked(self) -> bool:
        """The lecture itself sets the term off, and elsewhere uses it as a noun."""
        return self.named or ((self.bold or self.heading) and self.noun)

    @property
    def is_name(self) -> bool:
        """Whether each of its words begins with a capital of its own, as names do."""
        small = 3  # "of", "the"
        said = [word for word in self.text.split() if len(word) > small]
        return bool(said) and all(w[0].isupper() and w[1:].islower() for w in said)

    @property
    def one(self) -> str:
        """A plural's singular, where it is regular; else ""."""
        last = self.text.rsplit(" ", 1)[-1]
        one = singular(last)
        regular = (
            self.plural
            and not self.is_name
            and one != last
            and " of " not in self.text
            and last.casefold() not in SINGULAR_IN_S
        )
        return self.text[: len(self.text) - len(last)] + one if regular else ""

    def in_number_of(self, other: Term) -> str:
        """Its text, in the singular beside a singular."""
        return self.one if self.plural and not other.plural else self.text

    @property
    def number(self) -> str:
        if is_code(self.text):
            return "code"
        return "plural" if self.plural else "singular"


def key_of(term: str) -> Key:
    return tuple(singular(word) for word in words(without_article(term)))


@dataclass
class Glossary:
    """All terms of a document, with an index from a term to the sentences it is in.

    Built in one pass: every sentence is read once, word by word, against a dictionary
    of the terms' first words. Length of the lecture times number of terms would make
    a 300-page book take minutes.
    """

    terms: dict[Key, Term]
    in_sentence: dict[int, list[Term]]

    def ranked(self) -> list[Term]:
        return sorted(self.terms.values(), key=lambda t: (-t.score, t.key))

    def get(self, text: str) -> Term | None:
        return self.terms.get(key_of(text))


def build_glossary(
    sentences: Sequence[Sentence],
    definitions: Iterable[Definition],
    namings: Iterable[Naming],
    headings: Iterable[str],
    capitals: Capitals,
    *,
    parses: Iterable[Parse] | None = None,
    subjects: Iterable[str] = (),
    labels: Iterable[str] = (),
) -> Glossary:
    """With `parses` nouns are known for nouns; without, they are told by position.

    `subjects` are what whole sentences are about, and `labels` what bullets explain:
    they are terms if said but once.
    """
    about = set()
    found = _Collection(capitals)
    found.take_defined(definitions)
    for naming in namings:
        if term := found.note(naming.term):
            term.named = True
    for label in labels:
        if term := found.note(label, defined=True):
            term.named = True
    for heading in headings:
        if term := found.note(re.sub(r"^\W*[\d.]*\s*", "", heading)):
            term.heading = True
    found.take_bold(sentences)
    if parses is None:
        nouns = _note_repeated_chunks(sentences, found.note)
    else:
        nouns = _note_noun_phrases(parses, found.note)
        found.drop_without(nouns)
        about = {term.key for text in subjects if (term := found.note(text))}
    for term in found.terms.values():
        term.noun = term.key[-1] in nouns

    in_sentence = _index(sentences, found.terms)
    kept = {
        key: term
        for key, term in found.terms.items()
        if term.definition
        or term.named
        or key in about
        or len(term.mentions) >= _MIN_MENTIONS
    }
    for term in kept.values():
        term.score = _score(term)
    _merge_nested(kept)
    return Glossary(
        kept,
        {
            order: [term for term in here if term.key in kept]
            for order, here in in_sentence.items()
        },
    )


@dataclass
class _Collection:
    """Candidates for terms, from wherever the lecture shows one."""

    capitals: Capitals
    terms: dict[Key, Term] = field(default_factory=dict)

    def note(self, text: str, *, defined: bool = False) -> Term | None:
        plain = without_article(text)
        key = key_of(plain)
        if not key or not is_term(plain, defined=defined):
            return None
        if key not in self.terms:
            shown = self.capitals.as_in_sentence(plain)
            self.terms[key] = Term(key, shown, is_plural(plain))
        return self.terms[key]

    def take_defined(self, definitions: Iterable[Definition]) -> None:
        for definition in definitions:
            term = self.note(definition.term, defined=True)
            if term is not None and term.definition is None:
                term.definition = definition
                term.text, term.plural = definition.term, definition.plural

    def drop_without(self, nouns: set[str]) -> None:
        """Only what the lecture somewhere uses as a noun, or defines, is a term."""
        for key, term in list(self.terms.items()):
            if term.definition is None and not nouns & {key[-1], key[0]}:
                del self.terms[key]

    def take_bold(self, sentences: Iterable[Sentence]) -> None:
        for sentence in sentences:
            for text in sentence.bold:
                if term := self.note(text.strip(".,:;")):
                    term.bold = True


def _note_repeated_chunks(
    sentences: Sequence[Sentence], note: Callable[[str], Term | None]
) -> set[str]:
    """Take up noun phrases said often; give back the last words of all of them."""
    counts: dict[Key, int] = defaultdict(int)
    first_form: dict[Key, str] = {}
    nouns: set[str] = set()
    for sentence in sentences:
        for found in _CHUNK.finditer(sentence.text):
            chunk = _until_function_word(found.group(1))
            if chunk:
                nouns.add(singular(chunk[-1].casefold()))
            # A sure noun phrase ends where a function word or a comma closes it.
            if len(chunk) > 1:
                key = tuple(singular(word) for word in words(" ".join(chunk)))
                counts[key] += 1
                first_form.setdefault(key, " ".join(chunk))
    for key, count in counts.items():
        if count >= _MIN_MENTIONS + 1:
            note(first_form[key])
    return nouns


def _note_noun_phrases(
    parses: Iterable[Parse], note: Callable[[str], Term | None]
) -> set[str]:
    """Take up noun phrases said more than once; give back all nouns."""
    counts: Counter[Key] = Counter()
    forms: dict[Key, str] = {}
    nouns: set[str] = set()
    for parse in parses:
        for chunk in chunks(parse):
            key = tuple(singular(word) for word in words(chunk.text))
            if key:
                nouns.add(key[-1])
                counts[key] += 1
                forms.setdefault(key, chunk.text)
    for key, count in counts.items():
        if count >= _MIN_MENTIONS:
            note(forms[key])
    return nouns


def _until_function_word(text: str) -> list[str]:
    kept: list[str] = []
    for token in text.split():
        if token.casefold() in FUNCTION_WORDS:
            return kept
        kept.append(token)
    return kept if len(kept) < MAX_TERM_WORDS else []


def _index(
    sentences: Sequence[Sentence], terms: dict[Key, Term]
) -> dict[int, list[Term]]:
    by_first: dict[str, list[Key]] = defaultdict(list)
    for key in terms:
        by_first[key[0]].append(key)
    for keys in by_first.values():
        keys.sort(key=lambda key: (-len(key), key))
    found: dict[int, list[Term]] = {}
    for sentence in sentences:
        said = [singular(word) for word in sentence.words]
        here: dict[Key, Term] = {}
        at = 0
        while at < len(said):
            step = 1
            for key in by_first.get(said[at], ()):
                if tuple(said[at : at + len(key)]) == key:
                    here[key] = terms[key]
                    step = len(key)  # The longest wins: "cell membrane", not "cell".
                    break
            at += step
        found[sentence.order] = list(here.values())
        for term in here.values():
            term.mentions.append(sentence.order)
    return found


def _score(term: Term) -> float:
    score = float(max(1, len(term.mentions)) ** 0.6)
    score *= 1.0 + 0.15 * (len(term.key) - 1)
    if term.bold:
        score *= _BOLD_BONUS
    if term.heading:
        score *= _HEADING_BONUS
    if term.named:
        score *= _NAMED_BONUS
    if term.definition:
        score *= _DEFINED_BONUS
    return round(score, 3)


def _merge_nested(terms: dict[Key, Term]) -> None:
    """Drop an undefined part that hardly lives outside its longer term."""
    for key in sorted(terms, key=len, reverse=True):
        if key not in terms:
            continue
        for size in range(1, len(key)):
            for start in range(len(key) - size + 1):
                part = terms.get(key[start : start + size])
                if (
                    part is not None
                    and part.definition is None
                    and not part.heading
                    and not part.named
                    and len(part.mentions) < len(terms[key].mentions) / 2
                ):
                    del terms[part.key]
