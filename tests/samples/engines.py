"""Engines that say what a test tells them to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from exams.content import Finding
from exams.generation import Blueprint, Draft, Estimate, Section
from exams.reading.document import Document


@dataclass
class ScriptedEngine:
    drafts: Sequence[Draft] = ()
    cost: Estimate = field(default_factory=Estimate)
    why: tuple[Finding, ...] = ()
    asked: list[tuple[int, int]] = field(default_factory=list)
    name: str = "scripted"
    version: str = "7"

    def estimate(self, section: Section) -> Estimate:  # noqa: ARG002 - one price
        return self.cost

    def propose(
        self,
        document: Document,  # noqa: ARG002 - the drafts are given
        section: Section,
        blueprint: Blueprint,
    ) -> Iterable[Draft]:
        """All drafts come from the first section that is asked."""
        self.asked.append((section.index, blueprint.questions))
        return self.drafts if len(self.asked) == 1 else ()

    def shortcomings(
        self,
        document: Document,  # noqa: ARG002 - the reasons are given
        blueprint: Blueprint,  # noqa: ARG002
    ) -> tuple[Finding, ...]:
        return self.why


NOT_AN_ENGINE = 3
