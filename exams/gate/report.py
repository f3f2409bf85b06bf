"""One question through every rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from exams.content import Finding, Question
from exams.gate.evidence import EVIDENCE_RULES
from exams.gate.hard import HARD_RULES
from exams.gate.soft import SOFT_RULES
from exams.reading.document import Document


@dataclass(frozen=True, slots=True)
class Report:
    """Hard findings block, soft ones are shown."""

    hard: tuple[Finding, ...] = ()
    soft: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.hard


def check(question: Question, document: Document) -> Report:
    hard = [found for rule in HARD_RULES for found in rule(question)]
    hard += [found for rule in EVIDENCE_RULES for found in rule(question, document)]
    return Report(
        hard=tuple(hard),
        soft=tuple(found for rule in SOFT_RULES for found in rule(question)),
    )


# Rules against what machines do: invent a key, cut a sentence in its middle, carry a link
# along. A person answers for what they write, and may well ask for a bracket or a tag; of
# them these are doubts, which are shown.
_DOUBTS: Final = frozenset({"answer_unsupported", "brackets_unbalanced", "markup"})


def check_written(question: Question, document: Document) -> Report:
    """The same for a question that a person wrote or changed."""
    report = check(question, document)
    doubts = tuple(found for found in report.hard if found.code in _DOUBTS)
    return Report(
        hard=tuple(found for found in report.hard if found.code not in _DOUBTS),
        soft=doubts + report.soft,
    )
