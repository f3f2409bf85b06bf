"""The offline engine: every maker over every sentence of a section."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from exams.content import Finding, Kind
from exams.generation.interface import Blueprint, Draft, Estimate, Section
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.choices import (
    definition_choices,
    description_choices,
    subject_choices,
)
from exams.generation.offline.code_choices import expression_questions
from exams.generation.offline.definitions import Definition
from exams.generation.offline.facts import year_questions
from exams.generation.offline.matching import matchings
from exams.generation.offline.membership import membership_questions
from exams.generation.offline.naming_gaps import naming_questions
from exams.generation.offline.objects import object_questions
from exams.generation.offline.parsing import load_parser, model_folder
from exams.generation.offline.people import person_questions
from exams.generation.offline.phrasebook import base_language
from exams.generation.offline.quantities import quantity_questions
from exams.generation.offline.recall import (
    cloze_questions,
    essay_questions,
    term_questions,
)
from exams.generation.offline.sentences import Sentence
from exams.generation.offline.shortcomings import offered_kinds, shortcomings_of
from exams.generation.offline.sibling_choices import sibling_questions
from exams.generation.offline.statements import (
    definition_statements,
    turned_statements,
)
from exams.generation.offline.subjects import subject_questions
from exams.reading.document import Document

VERSION, VERSION_BY_LISTS = "2", "2-lists"


class OfflineEngine:
    """Free, deterministic, and deaf to instructions: it only matches patterns."""

    name = "offline"

    def __init__(self, english_model: str = "") -> None:
        """`english_model` as `load_parser` takes it; loaded when a lecture needs it."""
        self._english_model = english_model
        self._analysis: Analysis | None = None

    @cached_property
    def version(self) -> str:
        """Another one where no model is at hand, since then exams differ."""
        return VERSION if model_folder(self._english_model) else VERSION_BY_LISTS

    def estimate(self, section: Section) -> Estimate:  # noqa: ARG002 - always free
        return Estimate()

    def study(self, document: Document, section: Section) -> None:
        self._analyse(document).study(section.index)

    def propose(
        self, document: Document, section: Section, blueprint: Blueprint
    ) -> Iterator[Draft]:
        analysis = self._analyse(document)
        kinds = tuple(
            kind for kind in blueprint.kinds if kind in offered_kinds(analysis)
        )
        pages = {span.page for span in section.spans}
        definitions = [
            definition
            for definition in analysis.definitions_by_section.get(section.index, [])
            if definition.sentence.page in pages
        ]
        for definition in definitions:
            yield from _from_definition(analysis, definition, kinds, blueprint.options)
        if Kind.MATCHING in kinds:
            yield from matchings(
                analysis, definitions, _later(analysis, section, blueprint)
            )
        if analysis.language != "en":
            return
        for sentence in analysis.sentences_by_section.get(section.index, []):
            if sentence.page in pages:
                yield from _from_sentence(analysis, sentence, kinds, blueprint.options)

    def shortcomings(
        self, document: Document, blueprint: Blueprint
    ) -> tuple[Finding, ...]:
        return tuple(shortcomings_of(self._analyse(document), blueprint))

    def _analyse(self, document: Document) -> Analysis:
        """The analysis of the document at hand; sections come one call at a time."""
        if self._analysis is None or self._analysis.document is not document:
            english = base_language(document.language) == "en"
            parser = load_parser(self._english_model) if english else None
            self._analysis = Analysis(document, parser)
        return self._analysis


def _later(
    analysis: Analysis, section: Section, blueprint: Blueprint
) -> list[Definition]:
    """Definitions of later sections, to fill up a matching that lacks a pair."""
    return [
        definition
        for sentence in analysis.sentences_by_section.get(section.index, [])[-1:]
        for definition in analysis.definitions_near(sentence)
        if definition.sentence.section > section.index
        and blueprint.covers(definition.sentence.page)
    ]


def _from_definition(
    analysis: Analysis,
    definition: Definition,
    kinds: tuple[Kind, ...],
    options: int,
) -> Iterator[Draft]:
    if Kind.SINGLE_CHOICE in kinds:
        yield from definition_choices(analysis, definition, options)
        yield from description_choices(analysis, definition, options)
    if Kind.SHORT_ANSWER in kinds:
        yield from term_questions(analysis, definition)
    if Kind.TRUE_FALSE in kinds:
        yield from definition_statements(analysis, definition)
    if Kind.ESSAY in kinds:
        yield from essay_questions(analysis, definition)


def _from_sentence(
    analysis: Analysis,
    sentence: Sentence,
    kinds: tuple[Kind, ...],
    options: int,
) -> Iterator[Draft]:
    yield from year_questions(analysis, sentence, kinds, options)
    if Kind.SINGLE_CHOICE in kinds:
        yield from membership_questions(analysis, sentence, options)
        yield from expression_questions(analysis, sentence, options)
    if analysis.parsed:
        yield from sibling_questions(analysis, sentence, kinds, options)
        yield from subject_questions(analysis, sentence, kinds, options)
        yield from object_questions(analysis, sentence, kinds, options)
        yield from quantity_questions(analysis, sentence, kinds, options)
    elif Kind.SINGLE_CHOICE in kinds:
        yield from subject_choices(analysis, sentence, options)
    if Kind.TRUE_FALSE in kinds:
        yield from turned_statements(analysis, sentence)
    yield from naming_questions(analysis, sentence, kinds, options)
    yield from person_questions(analysis, sentence, kinds, options)
    if Kind.SHORT_ANSWER in kinds:
        yield from cloze_questions(analysis, sentence)
