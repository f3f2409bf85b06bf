"""Free text: a person grades it. Where nothing is written, there is nothing to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exams.policy import Policy
from scoring.grading.marks import FOR_A_PERSON, NOTHING, Mark


def mark(key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:  # noqa: ARG001 - the interface of all kinds
    return FOR_A_PERSON if isinstance(value, str) and value.strip() else NOTHING
