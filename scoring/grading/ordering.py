"""Things in order: the share of right neighbours, or all or nothing.

A pair is right when a thing is followed at once by the one that should follow it. So
one thing in the wrong place costs its neighbourhood and not everything after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from exams.policy import Policy, Several
from scoring.grading.marks import ALL, NOTHING, Mark, share


def mark(key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:
    """`value` is the list of all ids in the student's order."""
    right = key["right"]
    if not isinstance(value, list) or len(value) != len(right):
        return NOTHING
    if value == right:
        return ALL
    if policy.several == Several.EXACT:
        return NOTHING
    found = list(pairwise(value))
    return share(sum(pair in found for pair in pairwise(right)), len(right) - 1)
