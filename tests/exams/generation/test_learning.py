"""Verdicts of educators move scores as far as there are many of them."""

from __future__ import annotations

import pytest

from exams.content import Kind
from exams.generation import Blueprint, generate_exam
from exams.generation.interface import Draft
from exams.generation.learning import learned
from exams.generation.offline import OfflineEngine
from exams.quality import Tally
from tests.factories.exams import question
from tests.samples.documents import document
from tests.samples.questions import exam


@pytest.mark.parametrize(
    ("tally", "score"),
    [
        (Tally(), 0.7),
        (Tally(kept=20), 0.9),
        (Tally(rejected=20), 0.4),
        (Tally(edited=20), 0.65),
        (Tally(kept=3, rejected=2), 0.7),
    ],
)
def test_a_score_moves_with_what_was_kept(tally: Tally, score: float) -> None:
    draft = Draft(question(Kind.TRUE_FALSE), 0.7, "claim", prior=0.6)
    assert learned(draft, {"claim": tally}).score == score
    assert learned(draft, {"another": tally}) is draft


def test_what_educators_reject_is_left_out() -> None:
    whole = document(
        """
# Kilns

A **kiln** is a furnace that hardens clay by heat.
A **saggar** is a box that keeps smoke off the pots.
"""
    )

    def makers(verdicts: dict[str, Tally]) -> set[str]:
        made = generate_exam(
            whole,
            Blueprint(questions=4, kinds=(Kind.SHORT_ANSWER,)),
            OfflineEngine("none"),
            source=exam().lecture,
            verdicts=verdicts,
        )
        return set(made.makers.values())

    assert makers({}) == {"term"}
    assert makers({"term": Tally(kept=9)}) == {"term"}
    assert "term" not in makers({"term": Tally(rejected=99)})
