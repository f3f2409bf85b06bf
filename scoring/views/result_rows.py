"""A graded attempt as its result page shows it, question by question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from exams.content import Kind
from exams.views.lit_page import LitPage
from scoring.models import LateAnswer
from scoring.presentation import Choice, Sheet


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `right` is None where the key may not be seen."""

    text: str
    chosen: bool
    right: bool | None
    feedback: str = ""

    @property
    def shape(self) -> str:
        """The class of its row: the key, or a choice that missed it."""
        if self.right:
            return "is-key"
        return "is-miss" if self.chosen and self.right is False else ""


@dataclass(frozen=True, slots=True)
class Pair:
    left: str
    given: str
    right: str


@dataclass(frozen=True, slots=True)
class Key:
    """What only the release may show, but for the rightness of options and pairs."""

    accepted: tuple[str, ...] = ()
    tolerance: str = ""
    order: tuple[str, ...] = ()
    judgement: bool | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its mark, what was answered, and the key if it may be seen."""

    sheet: Sheet
    points: Decimal | None
    most: Decimal
    comment: str
    problem: str
    value: Any
    key: Key | None
    options: tuple[Option, ...] = ()
    pairs: tuple[Pair, ...] = ()
    order: tuple[str, ...] = ()
    lit: LitPage | None = field(default=None, repr=False)

    @property
    def state(self) -> str:
        """`open` while a person has yet to grade it, else how right it is."""
        if self.points is None:
            return "open"
        if self.points >= self.most:
            return "right"
        return "partly" if self.points > 0 else "wrong"

    @property
    def why(self) -> str:
        """The explanation, unless it only repeats the sentence that is shown anyway."""
        if self.key is None or (self.lit and self.lit.quote in self.key.explanation):
            return ""
        return self.key.explanation

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""


@dataclass(frozen=True, slots=True)
class Late:
    """An answer that came after the end; `sent_at` is what the student's clock said."""

    row: Row
    sent_at: datetime | None
    received_at: datetime


def late(sheet: Sheet, answer: LateAnswer, key: Mapping[str, Any] | None) -> Late:
    ungraded = {"points": None, "max": sheet.points}
    shown = row(sheet, mark=ungraded, value=answer.value, key=key)
    return Late(shown, answer.client_at, answer.received_at)


def row(
    sheet: Sheet,
    mark: Mapping[str, Any],
    value: Any,
    key: Mapping[str, Any] | None,
    lit: LitPage | None = None,
) -> Row:
    """`key` is the question's part of the key, None where it may not be seen."""
    return Row(
        sheet=sheet,
        points=None if mark["points"] is None else Decimal(mark["points"]),
        most=Decimal(mark["max"]),
        comment=mark.get("comment", ""),
        problem=mark.get("problem", ""),
        value=value,
        key=None if key is None else _key(sheet, key),
        options=_options(sheet, value, key),
        pairs=_pairs(sheet, value, key),
        order=_texts(sheet.items, value) if sheet.kind == Kind.ORDERING else (),
        lit=lit,
    )


def _key(sheet: Sheet, key: Mapping[str, Any]) -> Key:
    body = key["body"]
    right = key.get("right")
    return Key(
        accepted=tuple(body["accepted"]),
        tolerance=body["tolerance"] if Decimal(body["tolerance"] or 0) else "",
        order=_texts(sheet.items, right) if sheet.kind == Kind.ORDERING else (),
        judgement=right if sheet.kind == Kind.TRUE_FALSE else None,
        explanation=key["explanation"],
    )


def _options(
    sheet: Sheet, value: Any, key: Mapping[str, Any] | None
) -> tuple[Option, ...]:
    chosen = value if isinstance(value, list) else [value]
    return tuple(
        Option(
            text=option.text,
            chosen=option.id in chosen,
            right=None if key is None else option.id in key["right"],
            feedback="" if key is None else key["feedback"].get(option.id, ""),
        )
        for option in sheet.options
    )


def _pairs(sheet: Sheet, value: Any, key: Mapping[str, Any] | None) -> tuple[Pair, ...]:
    given = value if isinstance(value, dict) else {}
    right = {} if key is None else key.get("right")
    texts = {choice.id: choice.text for choice in sheet.right}
    return tuple(
        Pair(
            left=left.text,
            given=texts.get(given.get(left.id, ""), ""),
            right=texts.get(right.get(left.id, ""), "")
            if isinstance(right, dict)
            else "",
        )
        for left in sheet.left
    )


def _texts(choices: Sequence[Choice], names: Any) -> tuple[str, ...]:
    texts = {choice.id: choice.text for choice in choices}
    if not isinstance(names, list):
        return ()
    return tuple(texts[name] for name in names if name in texts)
