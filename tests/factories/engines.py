"""Engines for tests: they propose what a test says, by the interface of all engines."""
# ruff: noqa: ARG002 - the interface gives more than these need

from __future__ import annotations

from collections.abc import Iterable

from exams.content import Finding, Kind, Option, SingleChoice
from exams.generation.interface import Blueprint, Draft, Estimate, Section
from exams.reading.document import Document
from tests.factories import exams

_PLACES = SingleChoice(
    (
        Option("a", "leaf", correct=True),
        Option("b", "root"),
        Option("c", "bark"),
        Option("d", "seed"),
    )
)


class _Engine:
    name = "scripted"
    version = "1"

    def propose(
        self, document: Document, section: Section, blueprint: Blueprint
    ) -> Iterable[Draft]:
        return ()

    def estimate(self, section: Section) -> Estimate:
        return Estimate()

    def shortcomings(
        self, document: Document, blueprint: Blueprint
    ) -> tuple[Finding, ...]:
        return (Finding("too_few_sentences", {"count": 0}),)


class SilentEngine(_Engine):
    """Finds nothing to ask."""


class BrokenEngine(_Engine):
    """Fails as a programme with a fault does."""

    def propose(
        self, document: Document, section: Section, blueprint: Blueprint
    ) -> Iterable[Draft]:
        raise ZeroDivisionError


class OverlappingEngine(_Engine):
    """Proposes two questions that are proved by parts of one sentence."""

    def propose(
        self, document: Document, section: Section, blueprint: Blueprint
    ) -> Iterable[Draft]:
        yield Draft(exams.question(Kind.SINGLE_CHOICE, id="one"), 0.9, "script")
        yield Draft(
            exams.question(
                Kind.SINGLE_CHOICE,
                id="two",
                stem="Where does it work?",
                body=_PLACES,
                evidence=(exams.evidence("catches light in a leaf."),),
            ),
            0.8,
            "script",
        )


class LongKeysEngine(_Engine):
    """Proposes six questions whose right option is always the longest."""

    ASKED = (
        ("Which green stuff is at work?", "Chlorophyll", exams.PIGMENT),
        ("On what area does one count?", "square millimetre", exams.PORES),
        ("What happens at first?", "light reactions", exams.STAGES),
        ("What comes second?", "Calvin cycle", "Calvin cycle follows."),
        ("Who works as a door?", "Guard cells", exams.GUARDS),
        ("What is opened then?", "pores of a leaf", "pores of a leaf when they swell."),
    )

    def propose(
        self, document: Document, section: Section, blueprint: Blueprint
    ) -> Iterable[Draft]:
        for stem, key, quote in self.ASKED:
            others = (Option("b", "Root"), Option("c", "bark"), Option("d", "seed"))
            body = SingleChoice((Option("a", key, correct=True), *others))
            yield Draft(
                exams.question(
                    Kind.SINGLE_CHOICE,
                    stem=stem,
                    body=body,
                    topic=key,
                    evidence=(exams.evidence(quote),),
                ),
                0.9,
                "script",
            )


class LeafEngine(_Engine):
    """Proposes four choices, and the sentence of the first as a statement."""

    ASKED = (
        ("What makes a leaf green?", "Chlorophyll", exams.PIGMENT),
        ("On what area does one count?", "square millimetre", exams.PORES),
        ("What happens at first?", "light reactions", exams.STAGES),
        ("Who works as a door?", "Guard cells", exams.GUARDS),
    )

    def propose(
        self, document: Document, section: Section, blueprint: Blueprint
    ) -> Iterable[Draft]:
        for stem, key, quote in self.ASKED:
            others = (Option("b", "Root"), Option("c", "bark"), Option("d", "seed"))
            body = SingleChoice((Option("a", key, correct=True), *others))
            cited = (exams.evidence(quote),)
            if not blueprint.covers(cited[0].page):
                continue
            question = exams.question(
                Kind.SINGLE_CHOICE, stem=stem, body=body, topic=key, evidence=cited
            )
            yield Draft(question, 0.9, "script")
        yield Draft(exams.question(Kind.TRUE_FALSE), 0.9, "script")
