"""Is this run of words a term? Number, capitals and heads without a tagger."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from exams.gate.wording import FUNCTION_WORDS, singular, words
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.words import (
    GENERIC_HEADS,
    HARDLY_NOUNS,
    IRREGULAR_PLURALS,
    NOUNS_IN_LY,
    PRONOUNS,
    SINGULAR_IN_S,
    VAGUE_MODIFIERS,
)

MAX_TERM_WORDS, MAX_NAME_WORDS = 4, 6
_TOKEN = re.compile(
    r"^(?:[^\W\d_][\w'’-]*(?:/[^\W\d_][\w'’-]*)?|\d+-[^\W\d_]+|[\w.]+\(\))$"
)
_BOTH_CAPITAL = re.compile(r"(?<=[a-z] )(?=([A-Z][\w'’-]*) ([A-Z][\w'’-]*))(?=[A-Z])")
_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_LINKS = frozenset({"of", "de"})
_LONG_SINGLE = 3


def without_article(text: str) -> str:
    return _ARTICLE.sub("", text).strip()


def article_of(text: str) -> str:
    found = _ARTICLE.match(text)
    return found.group().strip().casefold() if found else ""


def head(term: str) -> str:
    """The noun a term turns on: "law of demand" is a law, "demand curve" a curve."""
    before = re.split(r"\s(?:of|de)\s", term, maxsplit=1)[0]
    said = words(before)
    return said[-1] if said else ""


def is_plural(term: str) -> bool:
    if term.rpartition(" ")[2].isupper():
        return False  # TLS and DNS are one thing each.
    noun = head(term)
    if noun in IRREGULAR_PLURALS:
        return True
    return (
        noun.endswith("s")
        and noun not in SINGULAR_IN_S
        and not noun.endswith(("ss", "us", "is", "ics", "’s", "'s"))
    )


def is_code(term: str) -> bool:
    return "()" in term or "_" in term


def is_term(text: str, *, defined: bool = False) -> bool:  # noqa: PLR0911 - one refusal a line
    """A noun phrase by its looks: no function words, no vague start, a real head.

    A general noun ("function", "set") is a term where the lecture defines it.
    """
    tokens = text.split()
    named = all(token[:1].isupper() or token in _LINKS for token in tokens)
    most = MAX_NAME_WORDS if named else MAX_TERM_WORDS
    if not 1 <= len(tokens) <= most or not all(map(_TOKEN.match, tokens)):
        return False
    folded = [token.casefold() for token in tokens]
    if any(t in FUNCTION_WORDS and t not in _LINKS for t in folded):
        return False
    if folded[0] in _LINKS or folded[-1] in _LINKS or folded[0] in VAGUE_MODIFIERS:
        return False
    if folded[0] in PRONOUNS:
        return False
    if folded[-1].endswith("ly") and folded[-1] not in NOUNS_IN_LY:
        return False
    if len(tokens) > 1 and (folded[-1] in HARDLY_NOUNS or folded[0] in HARDLY_NOUNS):
        return False
    noun = singular(head(text))
    if len(tokens) == 1:
        # A bare symbol or a bare everyday word is no concept; DNA and pH are.
        if (noun in GENERIC_HEADS and not defined) or noun in VAGUE_MODIFIERS:
            return False
        return len(text) >= _LONG_SINGLE or (len(text) > 1 and text[-1:].isupper())
    return not all(singular(t) in GENERIC_HEADS for t in folded if t not in _LINKS)


@dataclass
class Capitals:
    """Which words the lecture writes with a capital in the middle of a sentence."""

    upper: Counter[str] = field(default_factory=Counter)
    lower: Counter[str] = field(default_factory=Counter)
    pairs: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, sentences: Iterable[Sentence]) -> Capitals:
        counts = cls()
        for sentence in sentences:
            for token in re.findall(r"(?<=[a-z,;] )[^\W\d_][\w'’-]*", sentence.text):
                side = counts.upper if token[0].isupper() else counts.lower
                side[token.casefold()] += 1
            # "San Andreas Fault": a common word inside a name.
            for one, other in _BOTH_CAPITAL.findall(sentence.text):
                counts.pairs.add((one.casefold(), other.casefold()))
        return counts

    def is_name(self, word: str) -> bool:
        """Always capital: Python, Schwann, DNA; not a word only seen to open one."""
        folded = word.casefold()
        if any(sign.isupper() for sign in word[1:]) or any(map(str.isdigit, word)):
            return True
        return self.upper[folded] > self.lower[folded]

    def as_in_sentence(self, term: str) -> str:
        """The term as it stands in running text, without a sentence's capital."""
        first, *rest = term.split(" ")
        if is_code(first):
            return term
        if not self.is_name(first) and not (
            rest and rest[0][:1].isupper() and first.casefold() not in self.lower
        ):
            first = first[:1].lower() + first[1:]
        shown = [
            self._plain(before, word) for before, word in pairwise(term.split(" "))
        ]
        if any(word[:1].isupper() and word[1:].islower() for word in shown):
            first = term.split(" ", 1)[0]  # "Law of Suspects": a name keeps its capital
        # Headings write Every Word So; running text shows which are really names.
        return " ".join([first, *shown])

    def _plain(self, before: str, word: str) -> str:
        seen_lower = self.lower[word.casefold()] > 0
        if (before.casefold(), word.casefold()) in self.pairs and word[:1].isupper():
            return word
        return word if self.is_name(word) or not seen_lower else word.lower()


def as_option(term: str) -> str:
    """Options all begin with a capital, so that case gives nothing away."""
    return term if is_code(term) else term[:1].upper() + term[1:]
