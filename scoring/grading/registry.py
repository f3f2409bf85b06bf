"""Which module grades which kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exams.content import Kind
from exams.policy import Policy
from scoring.grading import (
    essay,
    matching,
    multiple_choice,
    numeric,
    ordering,
    short_answer,
    single_choice,
    true_false,
)
from scoring.grading.marks import NOTHING, Mark, Marker

MARKERS: dict[Kind, Marker] = {
    Kind.SINGLE_CHOICE: single_choice.mark,
    Kind.MULTIPLE_CHOICE: multiple_choice.mark,
    Kind.TRUE_FALSE: true_false.mark,
    Kind.SHORT_ANSWER: short_answer.mark,
    Kind.NUMERIC: numeric.mark,
    Kind.MATCHING: matching.mark,
    Kind.ORDERING: ordering.mark,
    Kind.ESSAY: essay.mark,
}


def mark(*, kind: str, key: Mapping[str, Any], value: Any, policy: Policy) -> Mark:
    """Grade one answer. No answer (None) earns nothing, whatever the kind.

    An answer that does not fit its kind earns nothing either and breaks nothing: an
    attempt must be closable whatever is stored.
    """
    return NOTHING if value is None else MARKERS[Kind(kind)](key, value, policy)
