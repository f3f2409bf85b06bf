"""Reviewing question by question: with and without scripts, alone and at once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from exams.content import Kind
from exams.forms import QuestionForm
from exams.models import Exam, Question
from exams.states import FROZEN, ExamState, QuestionState
from tests.factories import exams

HTMX = {"HX-Request": "true"}


@pytest.fixture
def exam(educator: User) -> Exam:
    return exams.exam(educator)


def questions(exam: Exam) -> list[Question]:
    return list(exam.questions.all())


def at(name: str, question: Question) -> str:
    return reverse(name, args=[question.exam_id, question.id])


def text(response: HttpResponse) -> str:
    return response.content.decode()


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def decide(
    browser: Client,
    question: Question,
    decision: str,
    revision: object = 1,
    **extra: Any,
) -> Any:
    posted = {"decision": decision, "revision": str(revision)}
    return browser.post(at("decide", question), posted, **extra)


# Looking


def test_a_page_that_was_recognised_asks_for_a_look_at_its_picture(
    browser: Client, exam: Exam
) -> None:
    question = questions(exam)[0]
    address = at("review_question", question)
    assert "may contain mistakes" not in text(browser.get(address))
    exam.lecture.pages.filter(number=question.evidence[0]["page"]).update(confidence=88)
    shown = text(browser.get(address))
    assert "Recognised from a picture, 88% sure" in shown
    assert "may contain mistakes" in shown


def test_a_review_begins_at_the_first_undecided_question(
    browser: Client, exam: Exam
) -> None:
    one, two, *_ = questions(exam)
    address = reverse("review", args=[exam.id])
    assert browser.get(address)["Location"] == at("review_question", one)
    decide(browser, one, "accepted")
    assert browser.get(address)["Location"] == at("review_question", two)


def test_a_review_of_a_decided_exam_begins_at_its_first_question(
    browser: Client, exam: Exam
) -> None:
    exam.questions.update(state=QuestionState.ACCEPTED)
    response = browser.get(reverse("review", args=[exam.id]))
    assert response["Location"] == at("review_question", questions(exam)[0])


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_of_every_kind_stands_beside_its_lit_sentence(
    browser: Client, educator: User, kind: Kind
) -> None:
    exam = exams.exam(educator, kinds=[kind])
    (question,) = questions(exam)
    page = browser.get(at("review_question", question))
    assert page.status_code == 200
    assert escape(question.stem) in text(page)
    assert page.context["lit"].quote == exams.QUOTES[kind]
    assert page.context["lit"].rectangles
    cited = question.evidence[0]["page"]
    picture = reverse("page_picture", args=[exam.lecture_id, cited, "large"])
    assert picture in text(page)


def test_the_page_says_where_one_stands(browser: Client, exam: Exam) -> None:
    one, two, three, four = questions(exam)
    decide(browser, one, "accepted")
    context = browser.get(at("review_question", two)).context
    assert (context["number"], context["total"]) == (2, 4)
    assert (context["decided"], context["left"]) == (1, 3)
    assert (context["previous"], context["next"]) == (one, three)
    assert browser.get(at("review_question", one)).context["previous"] is None
    assert browser.get(at("review_question", four)).context["next"] is None


def test_with_htmx_only_the_review_is_sent(browser: Client, exam: Exam) -> None:
    question = questions(exam)[0]
    fragment = browser.get(at("review_question", question), headers=HTMX)
    assert "<html" not in text(fragment)
    assert question.stem in text(fragment)


@pytest.mark.parametrize(
    "state", [ExamState.WAITING, ExamState.GENERATING, ExamState.FAILED]
)
def test_what_is_not_drafted_yet_cannot_be_reviewed(
    browser: Client, educator: User, state: ExamState
) -> None:
    exam = exams.exam(educator, state=state)
    question_id = uuid.uuid4()
    if exam.questions.exists():
        question_id = questions(exam)[0].id
    assert browser.get(reverse("review", args=[exam.id])).status_code == 404
    for name in ("review_question", "decide", "edit_question"):
        address = reverse(name, args=[exam.id, question_id])
        posted = {"decision": "accepted", "revision": "1"}
        response = (
            browser.post(address, posted) if name == "decide" else browser.get(address)
        )
        assert response.status_code == 404


@pytest.mark.parametrize("state", FROZEN)
def test_a_published_exam_can_be_looked_at_but_neither_decided_nor_edited(
    browser: Client, educator: User, state: ExamState
) -> None:
    exam = exams.exam(educator, state=state)
    one, *_ = questions(exam)
    first = browser.get(reverse("review", args=[exam.id]))
    assert first["Location"] == at("review_question", one)
    page = browser.get(at("review_question", one))
    assert one.stem in text(page)
    assert "Published: questions and key are frozen." in text(page)
    for name in ("decide", "edit_question"):
        assert at(name, one) not in text(page)
    refused = [
        browser.get(at("edit_question", one)),
        browser.post(at("edit_question", one), posted(one, stem="Mine?")),
        decide(browser, one, "rejected"),
    ]
    for response in refused:
        assert response["Location"] == reverse("exam", args=[exam.id])
        assert said(response)[-1] == "This exam is no draft any more."
    one.refresh_from_db()
    assert (one.stem, one.state) == (exams.STEMS[one.kind], QuestionState.PROPOSED)


def test_publishing_waits_for_the_last_decision(browser: Client, exam: Exam) -> None:
    one, *others = questions(exam)
    for question in others:
        decide(browser, question, "accepted")
    publish = reverse("publish", args=[exam.id])
    waiting = text(browser.get(at("review_question", one)))
    assert "3 of 4 decided. Publish when the last one is." in waiting
    assert 'disabled aria-describedby="left"' in waiting
    assert publish not in waiting
    decide(browser, one, "rejected")
    ready = text(browser.get(at("review_question", one)))
    assert publish in ready
    assert 'disabled aria-describedby="left"' not in ready


def test_a_question_of_another_exam_is_not_found(
    browser: Client, exam: Exam, educator: User
) -> None:
    other = questions(exams.exam(educator))[0]
    for name in ("review_question", "edit_question"):
        address = reverse(name, args=[exam.id, other.id])
        assert browser.get(address).status_code == 404
    address = reverse("decide", args=[exam.id, other.id])
    posted = {"decision": "accepted", "revision": "1"}
    assert browser.post(address, posted).status_code == 404
    other.refresh_from_db()
    assert other.state == QuestionState.PROPOSED


# Deciding


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_a_decision_leads_on_to_the_next_question(
    browser: Client, exam: Exam, decision: str
) -> None:
    one, two, *_ = questions(exam)
    response = decide(browser, one, decision)
    assert response["Location"] == at("review_question", two)
    one.refresh_from_db()
    assert one.state == decision


def test_with_htmx_the_next_question_comes_in_its_place(
    browser: Client, exam: Exam
) -> None:
    one, two, *_ = questions(exam)
    response = decide(browser, one, "accepted", headers=HTMX)
    assert response.status_code == 200
    assert response["HX-Push-Url"] == at("review_question", two)
    assert two.stem in text(response)
    assert "<html" not in text(response)


def test_reopening_stays_at_the_question(browser: Client, exam: Exam) -> None:
    one, *_ = questions(exam)
    decide(browser, one, "accepted")
    response = decide(browser, one, "proposed")
    assert response["Location"] == at("review_question", one)
    one.refresh_from_db()
    assert one.state == QuestionState.PROPOSED


def test_the_last_decision_stays_at_the_question(browser: Client, exam: Exam) -> None:
    exam.questions.exclude(position=2).update(state=QuestionState.ACCEPTED)
    two = questions(exam)[1]
    response = decide(browser, two, "rejected")
    assert response["Location"] == at("review_question", two)
    assert browser.get(response["Location"]).status_code == 200


def test_deciding_what_was_edited_meanwhile_is_said_and_changes_nothing(
    browser: Client, exam: Exam
) -> None:
    one, *_ = questions(exam)
    exam.questions.update(revision=2, state=QuestionState.EDITED)
    response = decide(browser, one, "rejected", revision=1)
    assert response["Location"] == at("review_question", one)
    assert said(response) == [
        "This question was edited meanwhile. Look at it again, then decide."
    ]
    one.refresh_from_db()
    assert one.state == QuestionState.EDITED


@pytest.mark.parametrize(
    ("decision", "revision"),
    [
        ("edited", "1"),
        ("published", "1"),
        ("", "1"),
        ("accepted", ""),
        ("accepted", "one"),
        ("accepted", "9" * 5000),
    ],
)
def test_a_decision_that_makes_no_sense_is_not_found(
    browser: Client, exam: Exam, decision: str, revision: str
) -> None:
    one, *_ = questions(exam)
    assert decide(browser, one, decision, revision).status_code == 404
    one.refresh_from_db()
    assert one.state == QuestionState.PROPOSED


@pytest.mark.parametrize("revision", [-1, 0, 2, 2**31, 2**63, 2**200])
def test_any_other_revision_is_a_conflict(
    browser: Client, exam: Exam, revision: int
) -> None:
    one, *_ = questions(exam)
    assert decide(browser, one, "accepted", revision).status_code == 302
    response = browser.post(
        at("edit_question", one), {**posted(one), "revision": str(revision)}
    )
    assert response.status_code == 409
    one.refresh_from_db()
    assert (one.state, one.revision) == (QuestionState.PROPOSED, 1)


# Editing


def posted(question: Question, **changes: Any) -> dict[str, Any]:
    """What the edit page sends when nothing is changed."""
    form = QuestionForm(question=question.as_content())
    values = {bound.name: bound.value() for bound in form}
    return {**values, "revision": str(question.revision), **changes}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_an_edit_page_with_all_its_fields(
    browser: Client, educator: User, kind: Kind
) -> None:
    (question,) = questions(exams.exam(educator, kinds=[kind]))
    page = browser.get(at("edit_question", question))
    assert page.status_code == 200
    for name in QuestionForm(question=question.as_content()).fields:
        assert f'name="{name}"' in text(page)
    assert '<input type="hidden" name="revision" value="1">' in text(page)


@pytest.mark.parametrize("kind", list(Kind))
def test_saving_an_edit_of_every_kind_accepts_the_question(
    browser: Client, educator: User, kind: Kind
) -> None:
    (question,) = questions(exams.exam(educator, kinds=[kind]))
    before = question.as_content()
    response = browser.post(
        at("edit_question", question), posted(question, explanation="New words.")
    )
    assert response["Location"] == at("review_question", question)
    assert said(response) == ["Question saved and accepted."]
    stored = Question.objects.get(id=question.id)
    assert (stored.state, stored.revision) == (QuestionState.EDITED, 2)
    assert stored.as_content().body == before.body
    assert stored.explanation == "New words."


def test_what_the_gate_holds_against_an_edit_is_said_and_nothing_saved(
    browser: Client, exam: Exam
) -> None:
    one, *_ = questions(exam)
    typed = "Which pigment is on page 3?"
    response = browser.post(at("edit_question", one), posted(one, stem=typed))
    assert response.status_code == 422
    assert "“page 3” points to something the student does not see." in text(response)
    assert typed in text(response)
    one.refresh_from_db()
    assert (one.stem, one.revision) == (exams.STEMS[one.kind], 1)


def test_an_edit_that_cannot_be_saved_comes_back_as_typed_with_the_reason(
    browser: Client, exam: Exam
) -> None:
    one, *_ = questions(exam)
    response = browser.post(
        at("edit_question", one),
        posted(one, stem="My own words?", option_b="Chlorophyll"),
    )
    assert response.status_code == 422
    assert "My own words?" in text(response)
    assert "“Chlorophyll”" in text(response)
    one.refresh_from_db()
    assert (one.stem, one.revision) == ("Which pigment catches light?", 1)


def test_the_second_of_two_editors_hears_of_the_first_and_may_save_again(
    browser: Client, exam: Exam
) -> None:
    one, *_ = questions(exam)
    mine = posted(one, stem="My text?")
    browser.post(at("edit_question", one), posted(one, stem="Their text?"))

    conflict = browser.post(at("edit_question", one), mine)
    assert conflict.status_code == 409
    assert "Somebody else saved this question" in text(conflict)
    assert "My text?" in text(conflict)
    assert "Their question:" in text(conflict)
    assert '<input type="hidden" name="revision" value="2">' in text(conflict)
    assert Question.objects.get(id=one.id).stem == "Their text?"

    response = browser.post(at("edit_question", one), {**mine, "revision": "2"})
    assert response.status_code == 302
    assert Question.objects.get(id=one.id).stem == "My text?"


def test_an_edit_with_scripts_in_it_is_shown_as_text(
    browser: Client, exam: Exam
) -> None:
    one, *_ = questions(exam)
    attack = "<script>alert(1)</script>"
    browser.post(
        at("edit_question", one),
        posted(one, stem=attack, explanation=attack, option_b=attack),
    )
    assert Question.objects.get(id=one.id).stem == attack
    for address in (
        at("review_question", one),
        at("edit_question", one),
        reverse("exam", args=[exam.id]),
    ):
        page = text(browser.get(address))
        assert attack not in page
        assert escape(attack) in page


def test_another_educator_can_neither_look_nor_decide_nor_edit(
    stranger: Client, exam: Exam
) -> None:
    one, *_ = questions(exam)
    assert stranger.get(at("review_question", one)).status_code == 404
    assert decide(stranger, one, "accepted").status_code == 404
    response = stranger.post(at("edit_question", one), posted(one))
    assert response.status_code == 404
    one.refresh_from_db()
    assert (one.state, one.revision) == (QuestionState.PROPOSED, 1)
