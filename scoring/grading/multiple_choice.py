"""Several options at once. C are right and I are wrong; c and i of them are chosen.

exact: 1 if c = C and i = 0. proportional: c/C, but 0 when more than C are chosen.
penalty: c/C - i/I, not below 0 unless negative marking is on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exams.policy import Policy, Several
from scoring.grading.marks import ALL, NOTHING, Mark, share


def mark(key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:
    """`value` is the list of the chosen options' ids."""
    if not isinstance(value, list):
        return NOTHING
    right = set(key["right"])
    chosen = {name for name in value if isinstance(name, str)}
    if chosen == right:
        return ALL
    c, i = len(chosen & right), len(chosen - right)
    match policy.several:
        case Several.EXACT:
            return NOTHING
        case Several.PROPORTIONAL:
            return NOTHING if len(chosen) > len(right) else share(c, len(right))
        case Several.PENALTY:
            # One division, so that it is rounded once. Without wrong options nothing
            # can be chosen wrongly.
            wrong = max(len(key["body"]["options"]) - len(right), 1)
            whole = len(right) * wrong
            part = max(c * wrong - i * len(right), -whole)
            return share(part if policy.negative_marking else max(part, 0), whole)
