"""Which sentences have which words: an index, so that long books take linear time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from exams.gate.wording import content_words, singular
from exams.generation.offline.sentences import Sentence


@dataclass
class Sayings:
    sentences: Iterable[Sentence]

    def together(self, one: str, other: str) -> bool:
        """Whether a sentence has the words of both: then one may be of the other."""
        return bool(self._saying(one) & self._saying(other))

    def _saying(self, text: str) -> frozenset[int]:
        """The sentences that have every content word of a text."""
        said = [self._places.get(word, frozenset()) for word in _stems(text)]
        return frozenset.intersection(*said) if said else frozenset()

    @cached_property
    def _places(self) -> dict[str, frozenset[int]]:
        places: dict[str, set[int]] = {}
        for sentence in self.sentences:
            for word in _stems(sentence.text):
                places.setdefault(word, set()).add(sentence.order)
        return {word: frozenset(orders) for word, orders in places.items()}


def _stems(text: str) -> list[str]:
    return [singular(word) for word in content_words(text)]
