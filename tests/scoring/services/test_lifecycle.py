"""The states of an attempt: what may follow what, and that nobody else assigns them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from accounts.models import User
from examgen.jobs.models import Event
from examgen.settings.environment import BASE_DIR
from exams.models import ExamVersion
from scoring.models import Attempt
from scoring.services import lifecycle
from scoring.states import AttemptState, ClosedBy, IllegalMoveError
from tests.exams.services.test_lifecycle import _writes_of_state
from tests.factories import attempts

MOVES = {("open", "closed"), ("open", "void"), ("closed", "void")}
WHOLE = {
    "closed_at": datetime(2026, 11, 30, tzinfo=UTC),
    "closed_by": ClosedBy.STUDENT,
    "snapshot": {},
    "receipt": "0" * 64,
}


@pytest.mark.parametrize(("before", "after"), list(product(AttemptState, repeat=2)))
def test_an_attempt_moves_as_its_table_says_and_not_otherwise(
    student: User, version: ExamVersion, before: AttemptState, after: AttemptState
) -> None:
    attempt = attempts.started(version, student)
    Attempt.objects.update(state=before, **({} if before == "open" else WHOLE))
    known = Event.objects.count()
    legal = (before, after) in MOVES
    fields = WHOLE if (before, after) == ("open", "closed") else {}
    if legal:
        lifecycle.move_attempt(attempt, after, event="attempt.moved", **fields)
    else:
        with pytest.raises(IllegalMoveError):
            lifecycle.move_attempt(attempt, after, event="attempt.moved", **fields)
    assert Attempt.objects.get().state == (after if legal else before)
    assert Event.objects.count() == known + legal


def test_a_move_tells_of_the_version_and_of_what_it_is_given(
    student: User, version: ExamVersion
) -> None:
    attempt = attempts.started(version, student)
    lifecycle.move_attempt(
        attempt,
        AttemptState.VOID,
        event="attempt.voided",
        actor=student.id,
        facts={"by": "staff"},
        void_reason="Fire alarm",
    )
    assert (attempt.state, attempt.void_reason) == ("void", "Fire alarm")
    event = Event.objects.get(name="attempt.voided")
    assert (event.subject_type, event.subject_id) == ("attempt", attempt.id)
    assert (event.actor, event.data) == (
        student.id,
        {"version": str(version.id), "by": "staff"},
    )


def test_no_other_code_of_scoring_assigns_a_state() -> None:
    found = [
        f"{path.name}:{line}"
        for path in sorted((Path(BASE_DIR) / "scoring").rglob("*.py"))
        if "migrations" not in path.parts and path.stem != "lifecycle"
        for line in _writes_of_state(path.read_text("utf-8"))
    ]
    assert found == []
