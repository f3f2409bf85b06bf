"""What a page of an exam shows: one question, and how all of them stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Kind
from scoring.models import Answer, Attempt
from scoring.presentation import Choice, Sheet, arrange
from scoring.responses import LONGEST


@dataclass(frozen=True, slots=True)
class Cell:
    """One question in the navigator."""

    sheet: Sheet
    answered: bool
    seen: bool
    flagged: bool
    current: bool

    @property
    def number(self) -> int:
        return self.sheet.number

    @property
    def shape(self) -> str:
        """The class of its cell: a bar, a full frame, a dashed one."""
        if self.answered:
            return "is-answered"
        return "" if self.seen or self.current else "is-unseen"

    @property
    def label(self) -> str:
        """All that the shape of the cell says, in words."""
        if self.answered:
            return self.label_answered
        return (
            self.label_open if self.seen or self.current else self._say(_("not seen"))
        )

    @property
    def label_answered(self) -> str:
        return self._say(_("answered"))

    @property
    def label_open(self) -> str:
        return self._say(_("seen, no answer"))

    def _say(self, state: str) -> str:
        words = [_("Question %(number)s") % {"number": self.number}, state]
        return ", ".join([*words, _("flagged")] if self.flagged else words)


@dataclass(frozen=True, slots=True)
class Pair:
    """A left side with the right side that was chosen for it."""

    left: Choice
    right: str


@dataclass(frozen=True, slots=True)
class Question:
    """The question on the page with the answer as it stands."""

    sheet: Sheet
    version: int
    value: Any
    flagged: bool
    error: str = ""

    @property
    def chosen(self) -> Sequence[str]:
        """Ids of the options that are chosen."""
        if self.sheet.kind == Kind.SINGLE_CHOICE:
            return [self.value]
        return self.value if isinstance(self.value, list) else []

    @property
    def pairs(self) -> list[Pair]:
        chosen = self.value if isinstance(self.value, dict) else {}
        return [Pair(left, chosen.get(left.id, "")) for left in self.sheet.left]

    @property
    def order(self) -> list[Choice]:
        """Things in the order given, or as this attempt sees them at first."""
        things = {item.id: item for item in self.sheet.items}
        if not isinstance(self.value, list):
            return list(things.values())
        return [things[name] for name in self.value if name in things]

    @property
    def longest(self) -> int:
        return LONGEST[self.sheet.kind]


def sheets_of(attempt: Attempt) -> list[Sheet]:
    """The paper in the order of this attempt."""
    version = attempt.version
    return arrange(version.paper, seed=attempt.seed, policy=version.rules)


def answers_of(attempt: Attempt) -> dict[str, Answer]:
    return {str(row.question): row for row in attempt.answers.all()}


def cells(
    sheets: Sequence[Sheet], answers: Mapping[str, Answer], current: int = 0
) -> list[Cell]:
    return [
        Cell(
            sheet=sheet,
            answered=(row := answers.get(sheet.id)) is not None
            and row.value is not None,
            seen=row is not None,
            flagged=row is not None and row.flagged,
            current=sheet.number == current,
        )
        for sheet in sheets
    ]


def question(sheet: Sheet, row: Answer | None) -> Question:
    if row is None:
        return Question(sheet, version=0, value=None, flagged=False)
    return Question(sheet, row.version, row.value, row.flagged)
