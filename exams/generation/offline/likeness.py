"""How alike two terms are by the company they keep in this lecture.

Two terms that stand in one list ("actin and myosin") or fill the same places of the
same verbs are of one type, and tempt whoever does not know which is which. The lecture
itself says this well enough; word vectors of the small model do not exist, and static
ones from elsewhere took fraud and bribery for strangers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from exams.generation.offline.chunks import Chunk, chunks
from exams.generation.offline.parsing import Parse
from exams.generation.offline.terms import Glossary, Key, Term

_ROLES = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "pobj", "agent", "appos"})
_ENDING = 4  # "mitosis" and "meiosis", "actin" and "myosin"


@dataclass
class Company:
    """The contexts of each term, and which terms were named in one breath."""

    contexts: dict[Key, Counter[str]] = field(default_factory=dict)
    together: Counter[frozenset[Key]] = field(default_factory=Counter)
    _weights: dict[str, float] = field(default_factory=dict)

    def between(self, one: Key, other: Key) -> float:
        """0 to 1: the cosine of their contexts, weighted by how rare a context is."""
        first, second = self.contexts.get(one), self.contexts.get(other)
        if not first or not second:
            return 0.0
        weights = self._rarity()
        dot = sum(
            _damped(first[c]) * _damped(second[c]) * weights[c] ** 2
            for c in sorted(first.keys() & second.keys())
        )
        lengths = math.sqrt(self._square(first) * self._square(second))
        return round(dot / lengths, 3) if lengths else 0.0

    def listed_together(self, one: Key, other: Key) -> int:
        return self.together[frozenset((one, other))]

    def list_together(self, keys: Sequence[Key]) -> None:
        """Take note of what stands side by side in bullets under one heading."""
        for one, other in combinations(dict.fromkeys(keys), 2):
            self.together[frozenset((one, other))] += 1

    def _rarity(self) -> Mapping[str, float]:
        if not self._weights:
            seen = Counter(c for contexts in self.contexts.values() for c in contexts)
            total = len(self.contexts) + 1
            self._weights = {c: math.log(total / n) for c, n in seen.items()}
        return self._weights

    def _square(self, contexts: Counter[str]) -> float:
        weights = self._rarity()
        return sum((_damped(n) * weights[c]) ** 2 for c, n in contexts.items())


def _damped(count: int) -> float:
    """Said a hundred times tells hardly more than said ten times."""
    return 1 + math.log(count)


def keep_company(parses: Iterable[Parse], glossary: Glossary) -> Company:
    company = Company()
    for parse in parses:
        named: dict[int, Key] = {}
        for chunk in chunks(parse):
            if term := _term_of(parse, chunk, glossary):
                named[chunk.head] = term.key
        for head, key in named.items():
            kept = company.contexts.setdefault(key, Counter())
            kept.update(_contexts(parse, head))
        for head, key in named.items():
            for other in _listed(parse, head):
                if other in named and named[other] != key:
                    company.together[frozenset((key, named[other]))] += 1
    return company


def _term_of(parse: Parse, chunk: Chunk, glossary: Glossary) -> Term | None:
    """The longest term that the phrase ends in: "most animal cells" is "animal cell"."""
    for first in range(chunk.first, chunk.head + 1):
        if term := glossary.get(parse.words(first, chunk.head)):
            return term
    return None


def _contexts(parse: Parse, head: int) -> Iterator[str]:
    token = parse.tokens[head]
    top = _first_of_list(parse, head)
    over = parse.tokens[top]
    verb = parse.tokens[over.head]
    if over.dep == "pobj":
        yield f"{verb.lemma}<{parse.tokens[verb.head].lemma}"
    elif over.dep in _ROLES:
        yield f"{over.dep}<{verb.lemma}"
    for child in parse.children(head, "amod", "compound", "prep", "acl", "relcl"):
        below = parse.tokens[child]
        yield f"{below.dep}>{below.lemma}"
    if len(token.lemma) > _ENDING:
        yield f"-{token.lemma[-_ENDING:]}"


def _first_of_list(parse: Parse, head: int) -> int:
    while parse.tokens[head].dep == "conj" and parse.tokens[head].head != head:
        head = parse.tokens[head].head
    return head


def _listed(parse: Parse, head: int) -> Iterator[int]:
    """What stands after it in one list, however the parse chains the list."""
    at = head
    while below := parse.children(at, "conj"):
        yield from below
        at = below[0]
