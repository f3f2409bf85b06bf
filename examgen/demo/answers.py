"""How a class answers: who knows more is right more often, and some questions are hard.

Drawn from names and places alone, so that every demo has the same scores.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exams.content import Kind
from exams.models import ExamVersion

_MEAN, _SPREAD = 0.8, 1.5
_LEFT_OUT = 0.12


@dataclass(frozen=True, slots=True)
class Given:
    """One answer, as it is saved."""

    question: str
    value: Any


def of(version: ExamVersion, name: str) -> list[Given]:
    """The answers of one student, in the order of the paper; some are left out."""
    draw = _drawn(f"{name} sits {version.title}")
    knows = draw.gauss(_MEAN, _SPREAD)
    found = []
    for place, sheet in enumerate(version.questions):
        hard = _drawn(f"question {place} of {version.title}").gauss(0, 1)
        right = draw.random() < 1 / (1 + math.exp(hard - knows))
        leaves_out, pick = draw.random() < _LEFT_OUT, draw.random()
        if right:
            found.append(Given(sheet["id"], _right(version, sheet)))
        elif not leaves_out:
            found.append(Given(sheet["id"], _wrong(version, sheet, pick)))
    return found


def _drawn(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - nothing secret


def _right(version: ExamVersion, sheet: Mapping[str, Any]) -> Any:
    key = version.key[sheet["id"]]
    match sheet["kind"]:
        case Kind.SINGLE_CHOICE:
            return key["right"][0]
        case Kind.SHORT_ANSWER:
            return key["body"]["accepted"][0]
        case _:
            return key["right"]


def _wrong(version: ExamVersion, sheet: Mapping[str, Any], pick: float) -> Any:
    """What somebody might have thought; `pick`, from 0 to 1, says which of them."""
    right = _right(version, sheet)
    match sheet["kind"]:
        case Kind.SINGLE_CHOICE:
            # By text: the ids are drawn anew for every paper.
            options = sorted(sheet["options"], key=lambda option: option["text"])
            return _one(pick, [o["id"] for o in options if o["id"] != right])
        case Kind.TRUE_FALSE:
            return not right
        case Kind.MATCHING:
            first, second, *others = right.items()
            return dict([(first[0], second[1]), (second[0], first[1]), *others])
        case _:
            return _one(pick, _terms(version, but=str(right)))


def _terms(version: ExamVersion, but: str) -> list[str]:
    """Other terms of the lecture, which the right options of other questions name."""
    return sorted(
        option["text"].lower()
        for sheet in version.questions
        if sheet["kind"] == Kind.SINGLE_CHOICE
        for option in sheet["options"]
        if len(option["text"].split()) <= 2  # noqa: PLR2004 - a term, no sentence
        and but.lower() not in option["text"].lower()
    )


def _one(pick: float, among: list[str]) -> str:
    return among[int(pick * len(among))] if among else "no idea"
