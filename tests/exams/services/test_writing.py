"""Questions written by hand: quoted, checked, accepted, and never twice."""

from __future__ import annotations

import pytest

from accounts.models import User
from examgen.jobs.models import Event
from exams import content
from exams.content import Evidence, Kind
from exams.invariants import INVARIANTS
from exams.models import Exam, Question
from exams.services import writing
from exams.services.authoring import NotFitError
from exams.states import ExamState, IllegalMoveError
from tests.factories import exams


@pytest.fixture
def exam(educator: User) -> Exam:
    return exams.exam(educator, kinds=(Kind.SINGLE_CHOICE,))


def write(exam: Exam, once: str = "form", **changes: object) -> Question:
    asked = {"stem": "What opens the pores of a leaf?", **changes}
    return writing.write_question(
        exam=exam,
        actor=exam.owner,
        written=exams.question(Kind.SHORT_ANSWER, **asked),
        once=once,
    )


def test_a_written_question_comes_last_accepted_and_once(exam: Exam) -> None:
    question = write(exam)
    assert write(exam) == question
    stored = exam.questions.get(position=2)
    assert (stored.state, stored.revision, stored.warnings) == ("accepted", 1, [])
    assert stored.provenance == {"engine": "hand", "version": ""}
    assert stored.as_content().evidence == (exams.evidence(exams.GUARDS),)
    told = list(Event.objects.order_by("created_at").values_list("name", flat=True))
    assert told == ["question.written", "question.decided"]
    assert write(exam, once="another form", stem="Who opens pores?").position == 3
    assert [broken for check in INVARIANTS for broken in check()] == []


def test_what_the_gate_refuses_is_not_written(exam: Exam) -> None:
    with pytest.raises(NotFitError) as refused:
        write(exam, evidence=())
    assert refused.value.findings == (content.Finding("no_evidence"),)
    with pytest.raises(NotFitError):
        write(exam, evidence=(Evidence(1, 0, 5, "Green"),))
    Exam.objects.update(state=ExamState.CLOSED)
    with pytest.raises(IllegalMoveError):
        write(exam)
    assert exam.questions.count() == 1


def test_a_sentence_is_found_on_its_page_however_it_was_broken(exam: Exam) -> None:
    broken = exams.PORES.replace(" has ", "\n  has ")
    assert writing.quoted(exam, 1, broken) == exams.evidence(exams.PORES)
    assert writing.quoted(exam, 2, exams.PORES) is None
    assert writing.quoted(exam, 9, exams.PORES) is None
    assert writing.quoted(exam, 1, " ") is None
