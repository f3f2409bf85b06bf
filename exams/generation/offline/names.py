"""The names in a lecture: of what sort they are, whose, and what else they go by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from exams.gate.wording import fold
from exams.generation.offline.acronyms import find_acronyms
from exams.generation.offline.labels import full_persons, label_names
from exams.generation.offline.parsing import Parse
from exams.generation.offline.persons import find_people
from exams.generation.offline.sentences import Sentence


@dataclass
class Names:
    sentences: Sequence[Sentence]
    parses: Collection[Parse]

    def label(self, text: str) -> str:
        """The sort of a name, such as PERSON, or "" for what is no name or not sure."""
        return self._labels.get(fold(text), "")

    def likely_label(self, text: str) -> str:
        """The sort of a name at first sight: enough to tell it from names unlike it."""
        return self._first_labels.get(fold(text), "")

    def besides(self, text: str) -> tuple[str, ...]:
        """What a fair grader takes for a term besides its own forms."""
        short = self._acronyms.get(fold(text))
        return (short,) if short else ()

    @cached_property
    def people(self) -> list[str]:
        """Persons in the order the lecture brings them up, by deeds, then by looks."""
        found = dict.fromkeys(find_people(self.sentences))
        for parse in self.parses:
            found.update(dict.fromkeys(name.text for name in full_persons(parse)))
        return list(found)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return label_names(self.parses)

    @cached_property
    def _first_labels(self) -> Mapping[str, str]:
        return label_names(self.parses, at_least=1)

    @cached_property
    def _acronyms(self) -> Mapping[str, str]:
        return find_acronyms(self.sentences)
