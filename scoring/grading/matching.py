"""Left sides and right sides: the share of right pairs, or all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exams.policy import Policy, Several
from scoring.grading.marks import ALL, NOTHING, Mark, share


def mark(key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:
    """`value` maps left ids to right ids; some may be missing."""
    if not isinstance(value, dict):
        return NOTHING
    pairs = key["right"]
    hits = sum(value.get(left) == right for left, right in pairs.items())
    if policy.several == Several.EXACT:
        return ALL if hits == len(pairs) else NOTHING
    return share(hits, len(pairs))
