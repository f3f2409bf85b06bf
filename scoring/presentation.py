"""The order in which one attempt sees its paper. Pure: same seed, same order, always.

Sorting by a keyed hash of the ids instead of drawing from a generator keeps the order
the same on every machine and release, and leaves the others in place when one goes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exams.content import Kind
from exams.policy import Policy


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, to match or to put in order."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One question as a student sees it: `number` is its place in this attempt.

    `options`, `left`, `right` and `items` are empty where the kind has none; a true or
    false question has none, since those two words always stand in that order.
    """

    id: str
    kind: Kind
    number: int
    stem: str
    points: Decimal
    options: tuple[Choice, ...] = ()
    left: tuple[Choice, ...] = ()
    right: tuple[Choice, ...] = ()
    items: tuple[Choice, ...] = ()
    unit: str = ""


def arrange(paper: Mapping[str, Any], *, seed: int, policy: Policy) -> list[Sheet]:
    """Return the questions of a paper in the order of the attempt with this seed."""
    questions = list(paper["questions"])
    if policy.shuffle_questions:
        questions.sort(key=lambda question: _rank(seed, "questions", question["id"]))
    return [
        _sheet(question, number, seed=seed, shuffled=policy.shuffle_options)
        for number, question in enumerate(questions, start=1)
    ]


def _sheet(
    question: Mapping[str, Any], number: int, *, seed: int, shuffled: bool
) -> Sheet:
    """Each list is ordered by itself: the sides of a match must not tell of each other.

    What is not shuffled stays as the paper has it, which is by ids drawn at random.
    """

    def choices(name: str, *, tidy: bool = False) -> tuple[Choice, ...]:
        found = [Choice(item["id"], item["text"]) for item in question.get(name, ())]
        if tidy and (numbers := _numbers(found)):
            found = [choice for _, choice in sorted(zip(numbers, found, strict=True))]
        elif shuffled:
            place = f"{question['id']}/{name}"
            found.sort(key=lambda choice: _rank(seed, place, choice.id))
        return tuple(found)

    return Sheet(
        id=question["id"],
        kind=Kind(question["kind"]),
        number=number,
        stem=question["stem"],
        points=Decimal(question["points"]),
        options=choices("options", tidy=True),
        left=choices("left"),
        right=choices("right", tidy=True),
        items=choices("items"),
        unit=question.get("unit", ""),
    )


def _rank(seed: int, place: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}/{place}/{name}".encode()).digest()


# A number, perhaps with its unit: 3, 3.5, 1,200 m, −4 °C, 25 %, 1848.
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(\D{0,12})", re.ASCII)
_PLAIN = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " "})
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))", re.ASCII)


def _numbers(choices: Sequence[Choice]) -> list[tuple[Decimal, str]] | None:
    """What to sort by where all choices are numbers of one unit, else None.

    Shuffled numbers would only have to be searched through. Sorted ones tell nothing,
    since their order comes from what everybody sees.
    """
    found = [_NUMBER.fullmatch(_plain(choice.text)) for choice in choices]
    if len({match and match[2] for match in found}) != 1:
        return None
    return [
        (Decimal(match[1]), choice.id)
        for match, choice in zip(found, choices, strict=True)
        if match
    ] or None


def _plain(text: str) -> str:
    return _THOUSANDS.sub("", text.translate(_PLAIN).strip()).replace(",", ".")
