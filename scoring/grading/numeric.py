"""A number, as people type it: within the tolerance, and in the unit if one is given."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from exams.policy import Policy
from scoring.grading.marks import ALL, NOTHING, Mark
from scoring.grading.numbers import read_number, same_unit

# Every number that can be read is far shorter, so differences are exact.
_EXACT = Context(prec=200)

NOT_A_NUMBER = Mark(Decimal(0), "not_a_number")
OTHER_UNIT = Mark(Decimal(0), "other_unit")


def mark(key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:  # noqa: ARG001 - the interface of all kinds
    """`value` is the text as typed. The unit stands beside the field, so it may lack."""
    body = key["body"]
    typed = read_number(value) if isinstance(value, str) else None
    if typed is None:
        return NOT_A_NUMBER
    if typed.unit and not same_unit(typed.unit, body["unit"]):
        return OTHER_UNIT
    right, tolerance = Decimal(body["accepted"][0]), Decimal(body["tolerance"] or 0)
    off = (abs(_EXACT.subtract(number, right)) for number in typed.readings)
    return ALL if any(difference <= tolerance for difference in off) else NOTHING
