"""Grading: key, answer and policy give a mark. Pure, one module per kind.

    mark(kind="true_false", key=key, value=True, policy=policy).fraction

The same answer, key and policy give the same mark, whoever asks and whenever.
"""

from scoring.grading.marks import Mark, earned
from scoring.grading.registry import MARKERS, mark
from scoring.grading.whole import Graded, grade, plain

__all__ = ["MARKERS", "Graded", "Mark", "earned", "grade", "mark", "plain"]
