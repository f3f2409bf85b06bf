"""Grading a whole paper: what an attempt is worth, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exams.policy import Policy
from scoring.grading.marks import earned
from scoring.grading.registry import mark


@dataclass(frozen=True, slots=True)
class Graded:
    """`marks` as `scoring.models.Grade` stores them, by question id.

    `points` adds up what is graded so far; `complete` when a person need grade nothing.
    """

    marks: dict[str, dict[str, Any]]
    points: Decimal
    max_points: Decimal
    complete: bool


def grade(
    *,
    paper: Mapping[str, Any],
    key: Mapping[str, Any],
    answers: Mapping[str, Any],
    policy: Policy,
) -> Graded:
    """Grade the answers, by question id; a question without one earns nothing."""
    marks: dict[str, dict[str, Any]] = {}
    total, most, complete = Decimal(0), Decimal(0), True
    for sheet in paper["questions"]:
        name, points = sheet["id"], Decimal(sheet["points"])
        found = mark(
            kind=sheet["kind"],
            key=key[name],
            value=answers.get(name),
            policy=policy,
        )
        worth = earned(found, points)
        total += worth or 0
        most += points
        complete = complete and worth is not None
        marks[name] = {
            "points": None if worth is None else plain(worth),
            "max": plain(points),
            "by": "rule",
            "comment": "",
            **({"problem": found.problem} if found.problem else {}),
        }
    return Graded(marks, total, most, complete)


def plain(number: Decimal) -> str:
    """A decimal without needless zeros, and never with an exponent."""
    # Adding nought makes minus nought one.
    return f"{(number + 0).normalize():f}"
