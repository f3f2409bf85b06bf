"""Reviewing a draft: decisions, edits, conflicts, and what comes next."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.models import User
from examgen.jobs.models import Event
from exams import content
from exams.content import Kind, Option
from exams.invariants import INVARIANTS
from exams.models import Exam, Question
from exams.services import authoring
from exams.services.authoring import EditConflictError, NotFitError
from exams.states import ExamState, IllegalMoveError, QuestionState
from tests.factories import exams

PROPOSED, ACCEPTED, EDITED, REJECTED = (
    QuestionState.PROPOSED,
    QuestionState.ACCEPTED,
    QuestionState.EDITED,
    QuestionState.REJECTED,
)


@pytest.fixture
def exam(educator: User) -> Exam:
    return exams.exam(educator)


@pytest.fixture
def question(exam: Exam) -> Question:
    return exam.questions.get(position=1)


def decide(question: Question, decision: QuestionState, *, revision: int = 1) -> None:
    authoring.decide(
        question=question,
        decision=decision,
        actor=question.exam.owner,
        revision=revision,
    )


def edit(question: Question, *, revision: int = 1, **changes: object) -> None:
    authoring.edit_question(
        question=question,
        edited=replace(question.as_content(), **changes),
        actor=question.exam.owner,
        revision=revision,
    )


def decisions() -> list[str]:
    told = Event.objects.filter(name="question.decided")
    return [event.data["decision"] for event in told]


# Deciding


@pytest.mark.parametrize("decision", [ACCEPTED, REJECTED])
def test_a_decision_is_kept_and_told_with_its_actor(
    question: Question, educator: User, decision: QuestionState
) -> None:
    decide(question, decision)
    question.refresh_from_db()
    assert (question.state, question.revision) == (decision, 1)
    event = Event.objects.get()
    assert (event.name, event.subject_id, event.actor, event.data) == (
        "question.decided",
        question.id,
        educator.id,
        {"decision": decision.value},
    )


def test_deciding_the_same_twice_changes_nothing(question: Question) -> None:
    decide(question, ACCEPTED)
    decide(question, ACCEPTED)
    assert decisions() == ["accepted"]


def test_a_decision_can_be_taken_back_and_changed(question: Question) -> None:
    for decision in (ACCEPTED, PROPOSED, REJECTED, ACCEPTED):
        decide(question, decision)
    question.refresh_from_db()
    assert question.state == ACCEPTED
    assert decisions() == ["accepted", "proposed", "rejected", "accepted"]


def test_a_decision_on_an_older_revision_is_a_conflict(question: Question) -> None:
    edit(question, stem="Which pigment catches the light?")
    with pytest.raises(EditConflictError):
        decide(question, REJECTED, revision=1)
    question.refresh_from_db()
    assert question.state == EDITED


def test_an_edit_between_loading_and_deciding_is_a_conflict(
    question: Question,
) -> None:
    loaded_before = Question.objects.get(id=question.id)
    edit(question, stem="Which pigment catches the light?")
    with pytest.raises(EditConflictError):
        decide(loaded_before, REJECTED, revision=1)
    question.refresh_from_db()
    assert question.state == EDITED


@pytest.mark.parametrize("state", [ExamState.PUBLISHED, ExamState.CLOSED])
def test_questions_are_frozen_once_the_exam_is_no_draft(
    educator: User, state: ExamState
) -> None:
    question = exams.exam(educator, state=state).questions.get(position=1)
    with pytest.raises(IllegalMoveError):
        decide(question, ACCEPTED)
    with pytest.raises(IllegalMoveError):
        edit(question, stem="Which pigment catches the light?")
    question.refresh_from_db()
    assert (question.state, question.revision) == (PROPOSED, 1)
    assert question.stem == "Which pigment catches light?"
    assert not Event.objects.exists()


# Editing


def test_an_edit_keeps_every_field_and_accepts_the_question(
    question: Question, educator: User
) -> None:
    body = content.SingleChoice(
        (
            Option("a", "Chlorophyll", correct=True, feedback="Yes."),
            Option("b", "Haemoglobin"),
            Option("c", "Melanin"),
            Option("d", "Carotin"),
        )
    )
    edit(
        question,
        stem="Which pigment catches the light?",
        body=body,
        points=Decimal("1.5"),
        explanation="See the first page.",
        difficulty=content.Difficulty.HARD,
        bloom=content.Bloom.ANALYSE,
        topic="pigments",
        tags=("chlorophyll",),
    )
    stored = Question.objects.get(id=question.id)
    assert (stored.state, stored.revision) == (EDITED, 2)
    made = stored.as_content()
    assert made.stem == "Which pigment catches the light?"
    assert made.body == body
    assert made.points == Decimal("1.5")
    assert made.explanation == "See the first page."
    assert (made.difficulty, made.bloom, made.topic) == ("hard", "analyse", "pigments")
    assert made.tags == ("chlorophyll",)
    assert made.evidence == question.as_content().evidence
    assert decisions() == ["edited"]
    assert Event.objects.get().actor == educator.id


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_of_any_kind_survives_an_edit_that_changes_nothing(
    educator: User, kind: Kind
) -> None:
    question = exams.exam(educator, kinds=[kind]).questions.get()
    before = question.as_content()
    edit(question)
    after = Question.objects.get(id=question.id).as_content()
    assert replace(after, warnings=()) == before


def warnings(question: Question) -> list[dict[str, object]]:
    return list(Question.objects.get(id=question.id).warnings)


def test_an_edit_asks_the_gate_again_and_keeps_what_it_says(
    question: Question,
) -> None:
    edit(question, stem="Which pigment does not catch sound?")
    assert warnings(question)[0] == {"code": "negative_stem", "params": {"text": "not"}}
    edit(question, revision=2, stem="Which pigment makes it green?")
    assert warnings(question) == []


def test_what_breaks_a_hard_rule_is_not_saved(question: Question) -> None:
    with pytest.raises(NotFitError) as refused:
        edit(question, stem="Which pigment is shown on page 3?")
    assert refused.value.findings == (
        content.Finding("refers_to_elsewhere", {"text": "page 3"}),
    )
    stored = Question.objects.get(id=question.id)
    assert (stored.stem, stored.revision) == (exams.STEMS[Kind.SINGLE_CHOICE], 1)
    assert decisions() == []


def test_a_key_that_the_quote_does_not_support_is_named(question: Question) -> None:
    options = tuple(
        replace(option, correct=option.id == "b") for option in exams.SINGLE.options
    )
    edit(question, body=content.SingleChoice(options))
    assert warnings(question)[0] == {
        "code": "answer_unsupported",
        "params": {"text": "Haemoglobin"},
    }


def test_a_question_whose_sentence_was_lost_can_still_be_edited(
    question: Question,
) -> None:
    lost = {"code": "evidence_lost", "params": {"page": 1}}
    question.exam.questions.update(warnings=[lost])
    question.exam.lecture.pages.filter(number=1).update(text="Read otherwise now.")
    question.refresh_from_db()
    edit(question, stem="Which pigment makes it green?")
    assert lost in warnings(question)
    assert [broken for check in INVARIANTS for broken in check()] == []


def test_of_two_who_edit_at_once_the_second_hears_of_it(question: Question) -> None:
    second = Question.objects.get(id=question.id)
    edit(question, stem="The first text?")
    with pytest.raises(EditConflictError):
        edit(second, stem="The second text?")
    stored = Question.objects.get(id=question.id)
    assert (stored.stem, stored.revision) == ("The first text?", 2)
    assert decisions() == ["edited"]


def test_an_edited_question_may_be_edited_again(question: Question) -> None:
    edit(question, stem="The first text?")
    edit(question, revision=2, stem="The second text?")
    assert Question.objects.get(id=question.id).stem == "The second text?"


def test_a_dropped_question_comes_back_when_it_is_edited(question: Question) -> None:
    decide(question, REJECTED)
    edit(question, stem="Which pigment catches the light?")
    question.refresh_from_db()
    assert question.state == EDITED


# What comes next


def test_the_next_undecided_question_is_the_one_after_and_wraps_round(
    exam: Exam,
) -> None:
    one, two, three, four = exam.questions.all()
    assert authoring.next_undecided(exam) == one
    assert authoring.next_undecided(exam, after=one.id) == two
    assert authoring.next_undecided(exam, after=four.id) == one

    decide(two, ACCEPTED)
    decide(three, REJECTED)
    assert authoring.next_undecided(exam, after=one.id) == four
    decide(four, ACCEPTED)
    assert authoring.next_undecided(exam, after=two.id) == one


def test_nothing_comes_next_when_all_is_decided(exam: Exam) -> None:
    for question in exam.questions.all():
        decide(question, ACCEPTED)
    assert authoring.next_undecided(exam) is None
    assert authoring.next_undecided(exam, after=exam.questions.all()[1].id) is None


def test_the_last_undecided_question_comes_next_after_itself(exam: Exam) -> None:
    questions = list(exam.questions.all())
    for question in questions[1:]:
        decide(question, REJECTED)
    assert authoring.next_undecided(exam, after=questions[0].id) == questions[0]


def test_renaming_changes_the_title_alone(exam: Exam) -> None:
    Exam.objects.update(language="fr")
    authoring.rename_exam(exam=exam, title="Mid-term")
    exam.refresh_from_db()
    assert (exam.title, exam.language) == ("Mid-term", "fr")
