"""What an answer is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from exams.policy import Policy

# A context of our own: what a thread has set for itself must not change a score.
_EXACT = Context(prec=28, rounding=ROUND_HALF_UP)
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Mark:
    """`fraction` of the points, below 0 only under negative marking.

    None: a person must grade it. `problem` says why an answer could not be read, as a
    code, empty when it could.
    """

    fraction: Decimal | None
    problem: str = ""


NOTHING = Mark(Decimal(0))
ALL = Mark(Decimal(1))
FOR_A_PERSON = Mark(None)

# `(key, value, policy)`: the question's key, and an answer that is not None.
Marker = Callable[[Mapping[str, Any], Any, Policy], Mark]


def share(part: int, whole: int) -> Mark:
    """`part` of `whole` as a mark, rounded once."""
    return Mark(_EXACT.divide(Decimal(part), Decimal(whole)))


def earned(mark: Mark, points: Decimal) -> Decimal | None:
    """The points that a mark is worth, to four places; None while it is open."""
    if mark.fraction is None:
        return None
    return _EXACT.quantize(_EXACT.multiply(mark.fraction, points), _PLACES)
