"""All that the makers look at, worked out once per document."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from exams.content import Difficulty
from exams.gate.wording import fold
from exams.generation.offline.asides import find_asides
from exams.generation.offline.clauses import Clause, complements, main_clause
from exams.generation.offline.definitions import GLOSSARY, Definition, find_definitions
from exams.generation.offline.expressions import Expression, find_expressions
from exams.generation.offline.foreign import find_foreign_definitions
from exams.generation.offline.groups import Group, find_groups
from exams.generation.offline.kinds import KindOf, find_kinds
from exams.generation.offline.likeness import Company, keep_company
from exams.generation.offline.names import Names
from exams.generation.offline.namings import Naming, find_namings
from exams.generation.offline.parsing import Parse, Parser
from exams.generation.offline.phrasebook import (
    ENGLISH,
    PHRASEBOOKS,
    Phrasebook,
    base_language,
)
from exams.generation.offline.phrases import Capitals
from exams.generation.offline.sayings import Sayings
from exams.generation.offline.sentences import Sentence, as_topic, split_sentences
from exams.generation.offline.standing import stands_alone
from exams.generation.offline.terms import Glossary, Key, Term, build_glossary, key_of
from exams.generation.sections import cut_sections
from exams.reading.document import Document

_JOINED = re.compile(
    r"\b(?:such as|(?:also |are |is |be |often |sometimes )?(?:called|known as|termed)|"
    r"types? of|kinds? of|forms? of|or|is an?|are|i\.e\.,?|synonym\w*|equivalent to|"
    r"same as|identical to|consists? of|including|includes?)\b|\("
)
_NEAR = 60
_WINDOW = 60
_OFTEN, _AGAIN = 4, 2
YEAR = re.compile(r"\b(1[0-9]\d\d|20[0-4]\d)\b")

_Item = TypeVar("_Item")


@dataclass
class Analysis:
    """With a `parser` English is read by its grammar, else by patterns and lists."""

    document: Document
    parser: Parser | None = None
    _studied: dict[int, Parse] = field(default_factory=dict)

    @cached_property
    def language(self) -> str:
        return base_language(self.document.language)

    @cached_property
    def phrasebook(self) -> Phrasebook:
        return PHRASEBOOKS.get(self.language, ENGLISH)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return list(split_sentences(self.document, cut_sections(self.document)))

    def study(self, section: int) -> None:
        """Parse a section's sentences, if nobody did: the long part of the work."""
        sentences = self.sentences_by_section.get(section, [])
        known = not sentences or sentences[0].order in self._studied
        if known or self.parser is None or self.language != "en":
            return
        parsed = self.parser.parse([sentence.plain for sentence in sentences])
        for sentence, parse in zip(sentences, parsed, strict=True):
            self._studied[sentence.order] = parse

    @cached_property
    def parses(self) -> dict[int, Parse]:
        """The parse of each sentence of an English lecture by its order, or none."""
        for section in self.sentences_by_section:
            self.study(section)
        return self._studied

    @cached_property
    def parsed(self) -> bool:
        return bool(self.parses)

    def stands_alone(self, sentence: Sentence) -> bool:
        """Whether a sentence needs no other to be understood."""
        if not self.parsed:
            return sentence.stands_alone
        return sentence.order in self._standing

    def statement(self, sentence: Sentence) -> str:
        """The sentence without a connective at its head, if it then stands alone."""
        if not self.parsed:
            return sentence.statement
        stands = sentence.order in self._standing and sentence.plain.endswith(".")
        return sentence.plain if stands else ""

    @cached_property
    def _standing(self) -> frozenset[int]:
        return frozenset(
            sentence.order
            for sentence in self.sentences
            if stands_alone(sentence, self.parses[sentence.order])
        )

    @cached_property
    def clauses(self) -> dict[int, Clause]:
        """The main clause of each sentence that stands alone and has a plain one."""
        found = (
            (sentence.order, main_clause(self.parses[sentence.order]))
            for sentence in self.sentences
            if sentence.order in self.parses and self.stands_alone(sentence)
        )
        return {order: clause for order, clause in found if clause is not None}

    @cached_property
    def expressions(self) -> dict[int, Expression]:
        found = find_expressions(self.sentences) if self.parsed else ()
        return {expression.sentence.order: expression for expression in found}

    @cached_property
    def kinds(self) -> dict[int, KindOf]:
        found = find_kinds(self.sentences, self.capitals) if self.parsed else ()
        return {kind.sentence.order: kind for kind in found}

    @cached_property
    def groups(self) -> list[Group]:
        return list(find_groups(self.sentences, self.parses)) if self.parsed else []

    @cached_property
    def groups_by_place(self) -> dict[int, list[Group]]:
        placed: dict[int, list[Group]] = {}
        for group in self.groups:
            placed.setdefault(group.place, []).append(group)
        return placed

    @cached_property
    def sayings(self) -> Sayings:
        return Sayings(self.sentences)

    @cached_property
    def names(self) -> Names:
        return Names(self.sentences, self.parses.values())

    @cached_property
    def company(self) -> Company:
        company = keep_company(self.parses.values(), self.glossary)
        for keys in self._side_by_side():
            company.list_together(keys)
        return company

    def _side_by_side(self) -> Iterator[list[Key]]:
        """The terms that bullets under one heading are about."""
        under: dict[tuple[int, str], list[Key]] = {}
        labels = {sentence.order: label for sentence, label in self._labels()}
        for sentence in self.sentences:
            if not sentence.listed:
                continue
            clause = self.clauses.get(sentence.order)
            defined = self.defined_in.get(sentence.order)
            about = clause.bare_subject if clause else ""
            about = defined.term if defined else labels.get(sentence.order, about)
            if about and (term := self.glossary.get(about)):
                under.setdefault((sentence.page, sentence.heading), []).append(term.key)
        yield from under.values()

    @cached_property
    def capitals(self) -> Capitals:
        return Capitals.of(self.sentences)

    @cached_property
    def definitions(self) -> list[Definition]:
        """The first definition of each term; later ones retell or contradict it."""
        if self.language not in PHRASEBOOKS:
            return []
        found = (
            find_definitions(self.sentences, self.capitals)
            if self.language == "en"
            else find_foreign_definitions(self.sentences, self.language)
        )
        first: dict[tuple[str, ...], Definition] = {}
        asides = (
            find_asides(self.sentences, self.parses, self.capitals)
            if self.parsed
            else ()
        )
        for definition in found:
            if not self._is_sound(definition):
                continue
            first.setdefault(key_of(definition.term), definition)
        told = {definition.sentence.order for definition in first.values()}
        for definition in asides:
            if definition.sentence.order not in told:
                first.setdefault(key_of(definition.term), definition)
        return sorted(first.values(), key=lambda item: item.sentence.order)

    def _is_sound(self, definition: Definition) -> bool:
        """Whether grammar agrees that the term is what the sentence is about."""
        if not self.parsed:
            return True
        if definition.pattern == "glossary":
            return not self._is_clause(definition.phrase)
        if definition.pattern not in {"is", "means", "action"}:
            return True
        if definition.qualified:
            return False  # asked for as a subject, together with "In animals, ..."
        clause = main_clause(self.parses[definition.sentence.order])
        if clause is None:
            return definition.pattern != "is"
        named = key_of(definition.term)
        subject = key_of(clause.bare_subject.split(" (")[0].split(",")[0])
        return subject == named or definition.pattern != "is"

    def _is_clause(self, phrase: str) -> bool:
        """Whether a label is followed by a statement: "Ready: the process waits"."""
        if self.parser is None:
            return False
        parse = next(self.parser.parse([phrase]))
        return any(
            parse.children(root, "nsubj", "nsubjpass", "expl")
            or (root == 0 and parse.tokens[root].tag in {"VBZ", "VBP"})
            for root in parse.roots
        )

    @cached_property
    def namings(self) -> dict[int, Naming]:
        if self.language != "en":
            return {}
        found = find_namings(self.sentences, self.capitals)
        return {naming.sentence.order: naming for naming in found}

    @cached_property
    def glossary(self) -> Glossary:
        headings = dict.fromkeys(sentence.heading for sentence in self.sentences)
        return build_glossary(
            self.sentences,
            self.definitions,
            self.namings.values(),
            headings,
            self.capitals,
            parses=self.parses.values() if self.parsed else None,
            subjects=self._topics(),
            labels=[label for _, label in self._labels()],
        )

    def _labels(self) -> Iterator[tuple[Sentence, str]]:
        """What bullets explain after a colon, whether or not it can be asked for."""
        for sentence in self.sentences:
            found = GLOSSARY.match(sentence.text) if sentence.listed else None
            if found and self.parsed:
                yield sentence, found["term"]

    def _topics(self) -> Iterator[str]:
        """What whole sentences are about, and what they say of it."""
        for clause in self.clauses.values():
            yield clause.bare_subject
            yield from (chunk.text for _, chunk in complements(clause))

    @cached_property
    def _terms_by_place(self) -> tuple[list[int], list[Term]]:
        placed = sorted(
            (term.place, term.key, term) for term in self.glossary.terms.values()
        )
        return [item[0] for item in placed], [item[2] for item in placed]

    def terms_near(self, sentence: Sentence) -> list[Term]:
        """The terms brought up closest to a sentence.

        Others make far-fetched options, and looking at all of them would make a long
        book take minutes.
        """
        places, terms = self._terms_by_place
        return _window(places, terms, sentence.order)

    @cached_property
    def _definition_places(self) -> list[int]:
        return [definition.sentence.order for definition in self.definitions]

    def definitions_near(self, sentence: Sentence) -> list[Definition]:
        return _window(self._definition_places, self.definitions, sentence.order)

    @cached_property
    def years(self) -> list[int]:
        found = {int(year) for s in self.sentences for year in YEAR.findall(s.text)}
        return sorted(found)

    @cached_property
    def definitions_by_section(self) -> dict[int, list[Definition]]:
        grouped: dict[int, list[Definition]] = {}
        for definition in self.definitions:
            grouped.setdefault(definition.sentence.section, []).append(definition)
        return grouped

    @cached_property
    def sentences_by_section(self) -> dict[int, list[Sentence]]:
        grouped: dict[int, list[Sentence]] = {}
        for sentence in self.sentences:
            grouped.setdefault(sentence.section, []).append(sentence)
        return grouped

    @cached_property
    def defined_in(self) -> dict[int, Definition]:
        return {item.sentence.order: item for item in self.definitions}

    @cached_property
    def _ranks(self) -> dict[tuple[str, ...], float]:
        ranked = self.glossary.ranked()
        last = max(1, len(ranked) - 1)
        return {term.key: 1 - place / last for place, term in enumerate(ranked)}

    def rank(self, text: str) -> float:
        """1 for the lecture's first key term, 0 for its last or for none of them."""
        return self._ranks.get(key_of(text), 0.0)

    def topic(self, sentence: Sentence, term: str = "") -> str:
        """The heading, so that questions group by chapter; a term only without one."""
        return as_topic(sentence.heading) or term

    @cached_property
    def related(self) -> frozenset[frozenset[tuple[str, ...]]]:
        """Pairs of terms that the lecture somewhere calls kinds or names of another."""
        pairs: set[frozenset[tuple[str, ...]]] = set()
        for sentence in self.sentences:
            terms = self.glossary.in_sentence.get(sentence.order, [])
            if len(terms) > 1 and _JOINED.search(sentence.text):
                pairs.update(_joined_pairs(sentence.text.casefold(), terms))
        return frozenset(pairs)

    def is_key(self, term: Term) -> bool:
        """Whether a term is worth asking for: defined, set off, or said again and again."""
        if term.definition is not None or term.marked or (term.is_name and term.noun):
            return True
        often = _OFTEN if len(term.key) == 1 else _AGAIN
        return self.parsed and term.noun and len(term.mentions) >= often

    def likeness(self, one: Term, other: Term) -> float:
        """0 to 1: how much two terms are of one type, by all that the lecture shows."""
        listed = self.company.listed_together(one.key, other.key)
        alike = self.company.between(one.key, other.key)
        if listed:
            alike += 0.2 + 0.1 * min(listed - 1, 2)
        if one.key[-1] == other.key[-1]:
            alike += 0.3
        elif set(one.key) & set(other.key):
            alike += 0.1
        if one.is_name and other.is_name:
            sort = self.names.likely_label(one.text)
            same = sort and sort == self.names.likely_label(other.text)
            alike += 0.25 if same else 0.1
        if one.definition and other.definition:
            alike += 0.15
            if one.definition.genus == other.definition.genus:
                alike += 0.3
        return round(min(alike, 1.0), 3)

    def temptation(self, one: Term, others: Sequence[Term]) -> float:
        """How alike the best two wrong answers are to the right one, 0 to 1."""
        best = sorted((self.likeness(one, other) for other in others), reverse=True)[:2]
        return round(sum(best) / len(best), 3) if best else 0.0

    def are_related(self, one: Term, other: Term) -> bool:
        return frozenset((one.key, other.key)) in self.related

    def difficulty(self, answer: str, others: list[str]) -> Difficulty:
        """Hard when options share words with the answer, easy when one cannot miss it."""
        said = set(fold(answer).split())
        if others and sum(bool(said & set(fold(o).split())) for o in others) > 1:
            return Difficulty.HARD
        prominent = 0.8
        return Difficulty.EASY if self.rank(answer) >= prominent else Difficulty.MEDIUM


def _window(places: list[int], items: list[_Item], place: int) -> list[_Item]:
    at = bisect_left(places, place)
    low = max(0, min(at - _WINDOW // 2, len(items) - _WINDOW))
    return items[low : low + _WINDOW]


def _joined_pairs(text: str, terms: list[Term]) -> Iterator[frozenset[tuple[str, ...]]]:
    places = [(text.find(term.text.casefold()), term) for term in terms]
    places = [(at, term) for at, term in places if at >= 0]
    for index, (at, term) in enumerate(places):
        for where, other in places[index + 1 :]:
            (first, ahead), (second, _) = sorted(
                [(at, term), (where, other)], key=lambda item: item[0]
            )
            between = text[first + len(ahead.text) : second]
            if 0 < len(between) <= _NEAR and _JOINED.search(between):
                yield frozenset((term.key, other.key))
