"""Verdicts are the states of questions, told by who wrote them."""

from __future__ import annotations

from accounts.models import User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import Exam, QuestionRequest
from exams.quality import Tally
from exams.services.authoring import decide
from exams.services.verdicts import Judged, tallies_by_maker, verdicts
from exams.states import QuestionState, RequestAim, RequestState
from tests.exams.services.asking import edit
from tests.factories import exams

CHOICE, SHORT = Kind.SINGLE_CHOICE, Kind.SHORT_ANSWER
ACCEPTED, EDITED = QuestionState.ACCEPTED, QuestionState.EDITED


def judged(
    exam: Exam, kind: Kind, state: QuestionState, *, maker: str = "", **fields: object
) -> None:
    """One more decided question in the exam."""
    place = exam.questions.count() + 1
    row = exams.question_row(exam, kind, position=place, state=state)
    if maker:
        row.provenance["maker"] = maker
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def test_decided_questions_are_counted_by_engine_maker_and_kind(educator: User) -> None:
    exam = exams.exam(educator, kinds=())
    judged(exam, CHOICE, ACCEPTED, maker="definition")
    judged(exam, CHOICE, EDITED, maker="definition", revision=2)
    judged(exam, SHORT, QuestionState.REJECTED, maker="definition")
    judged(exam, CHOICE, QuestionState.REJECTED)
    judged(exam, CHOICE, QuestionState.PROPOSED, maker="definition")
    other = {"engine": "another", "version": "7", "maker": "definition"}
    judged(exam, CHOICE, ACCEPTED, provenance=other)
    judged(exam, CHOICE, ACCEPTED, provenance={"engine": "hand", "version": ""})
    assert verdicts() == [
        Judged("another", "7", "definition", "single_choice", Tally(kept=1)),
        Judged("offline", "1", "", "single_choice", Tally(rejected=1)),
        Judged("offline", "1", "definition", "short_answer", Tally(rejected=1)),
        Judged("offline", "1", "definition", "single_choice", Tally(1, 1, 0)),
    ]
    assert tallies_by_maker("offline") == {"definition": Tally(1, 1, 1)}
    assert tallies_by_maker("another") == {"definition": Tally(kept=1)}


def test_who_accepts_what_was_edited_has_not_kept_it_as_it_was(educator: User) -> None:
    exam = exams.exam(educator, kinds=())
    judged(exam, CHOICE, ACCEPTED, maker="cloze")
    question = exam.questions.get()
    edit(question)
    for decision in (QuestionState.PROPOSED, ACCEPTED):
        decide(question=question, decision=decision, actor=educator, revision=2)
    assert tallies_by_maker("offline") == {"cloze": Tally(edited=1)}


def test_what_gave_its_place_to_another_is_rejected(educator: User) -> None:
    exam = exams.exam(educator, kinds=())
    judged(exam, CHOICE, ACCEPTED, maker="cloze", revision=2)
    asked = {
        "exam": exam,
        "question": exam.questions.get(),
        "state": RequestState.DONE,
        "created_at": now(),
        "replaced": {
            "kind": "matching",
            "provenance": {"engine": "offline", "version": "1", "maker": "matching"},
        },
    }
    QuestionRequest.objects.create(aim=RequestAim.ANOTHER, **asked)
    # Another kind was wanted; whether the question was good is not said.
    QuestionRequest.objects.create(aim=RequestAim.KIND, **asked)
    assert tallies_by_maker("offline") == {
        "cloze": Tally(kept=1),
        "matching": Tally(rejected=1),
    }
