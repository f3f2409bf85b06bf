"""Asking for questions on the review page: with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.models import Exam, Question, QuestionRequest
from exams.services import requests
from exams.services.wishes import GENERATED_KINDS
from exams.states import ExamState
from tests.exams.services.asking import AREA, leaf_exam
from tests.factories.lectures import run_jobs

HTMX = {"HX-Request": "true"}


@pytest.fixture
def exam(educator: User, settings) -> Exam:
    return leaf_exam(educator, settings)


@pytest.fixture
def question(exam: Exam) -> Question:
    return exam.questions.get(position=1)


def at(name: str, about: Question | QuestionRequest) -> str:
    return reverse(name, args=[about.exam_id, about.id])


def shown(browser: Client, question: Question) -> str:
    return browser.get(at("review_question", question)).content.decode()


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def ask(browser: Client, question: Question, name: str, **sent: Any) -> Any:
    return browser.post(at(name, question), {"revision": "1", **sent})


def add(browser: Client, question: Question, **sent: Any) -> Any:
    whole = {"number": "2", "first_page": "1", "last_page": "2"}
    return browser.post(at("add_questions", question), {**whole, **sent})


def test_another_question_is_asked_for_watched_and_brought_back(
    browser: Client, question: Question
) -> None:
    here = at("review_question", question)
    asked = ask(browser, question, "another_question", hint="square")
    assert asked["Location"] == f"{here}#instead"
    request = QuestionRequest.objects.get()
    page = shown(browser, question)
    assert "Another question is drafted for this place." in page
    assert "Ask for another question here" not in page
    # Without scripts the answer is the page itself; with them it asks again.
    address = at("request_answer", request)
    assert browser.get(address)["Location"] == f"{here}#instead"
    polled = browser.get(address, headers=HTMX)
    assert 'hx-trigger="every 1500ms"' in polled.content.decode()
    assert not polled.has_header("HX-Refresh")

    run_jobs()
    polled = browser.get(address, headers=HTMX)
    assert polled["HX-Refresh"] == "true"
    assert "hx-trigger" not in polled.content.decode()
    page = shown(browser, question)
    assert AREA in page
    assert "1 earlier question stood here" in page

    back = browser.post(at("bring_back", request), {"revision": "2"})
    assert back["Location"] == f"{here}#instead"
    question.refresh_from_db()
    assert question.stem == "Which pigment catches light?"


def test_what_is_not_found_is_said_where_it_was_asked_for(
    browser: Client, question: Question
) -> None:
    ask(browser, question, "another_question", hint="<i>volcano")
    run_jobs()
    page = shown(browser, question)
    assert "this one stays as it is" in page
    assert "&lt;i&gt;volcano" in page
    # Once the question is another, that is old news.
    Question.objects.filter(pk=question.pk).update(revision=2)
    assert "volcano" not in shown(browser, question)


def test_more_questions_are_asked_for_and_come_at_the_end(
    browser: Client, question: Question
) -> None:
    asked = add(browser, question, kinds=["single_choice"])
    assert asked["Location"] == f"{at('review_question', question)}#added"
    request = QuestionRequest.objects.get()
    assert (request.number, request.kinds) == (2, ["single_choice"])
    assert "Up to 2 questions on pages 1 to 2 are drafted." in shown(browser, question)
    assert said(add(browser, question)) == [
        "This is being drafted already. Wait for it, or cancel it."
    ]
    run_jobs()
    assert "2 of 2 questions added, on pages 1 to 2." in shown(browser, question)
    # What is typed on the page meanwhile is not lost to a reload.
    polled = browser.get(at("request_answer", request), headers=HTMX)
    assert not polled.has_header("HX-Refresh")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"number": "0"}, "greater than or equal to 1"),
        ({"number": "21"}, "less than or equal to 20"),
        ({"first_page": "2", "last_page": "1"}, "comes before the first"),
        ({"last_page": "3"}, "The lecture has 2 pages."),
        ({"kinds": "riddle"}, "riddle is not one of the available choices"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_beside_its_field(
    browser: Client, question: Question, sent: dict[str, str], words: str
) -> None:
    refused = add(browser, question, **sent)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not QuestionRequest.objects.exists()


def test_the_kind_is_one_that_the_question_has_not(
    browser: Client, question: Question
) -> None:
    page = shown(browser, question)
    offered = [f'<option value="{kind.value}"' for kind in GENERATED_KINDS]
    assert [option in page for option in offered] == [
        kind != question.kind for kind in GENERATED_KINDS
    ]
    refused = ask(browser, question, "another_kind", kind=question.kind)
    assert refused.status_code == 422
    ask(browser, question, "another_kind", kind="true_false")
    assert "A question of kind “True or false” is drafted" in shown(browser, question)


def test_a_request_is_taken_back_once(browser: Client, question: Question) -> None:
    ask(browser, question, "another_question")
    request = QuestionRequest.objects.get()
    assert said(browser.post(at("request_cancel", request))) == []
    assert said(browser.post(at("request_cancel", request))) == [
        "Too late to cancel: it is already done."
    ]
    assert "Ask for another question here" in shown(browser, question)


def test_an_edit_or_a_publication_in_another_tab_is_told(
    browser: Client, question: Question
) -> None:
    edited = ask(browser, question, "another_question", revision="7")
    assert said(edited) == [
        "This question was edited meanwhile. Look at it again, then ask."
    ]
    Exam.objects.update(state=ExamState.PUBLISHED)
    late = ask(browser, question, "another_kind", kind="matching")
    assert late["Location"] == reverse("exam", args=[question.exam_id])
    assert "Ask for another question here" not in shown(browser, question)
    assert not QuestionRequest.objects.exists()


def test_the_page_of_a_question_asks_the_database_no_more_often_with_requests(
    browser: Client, question: Question, django_assert_max_num_queries
) -> None:
    shown(browser, question)
    for _ in range(3):
        ask(browser, question, "another_question")
        run_jobs()
        Question.objects.update(revision=1)
    requests.add_questions(
        exam=question.exam,
        actor=question.exam.owner,
        number=1,
        first_page=1,
        last_page=1,
    )
    with django_assert_max_num_queries(16):
        shown(browser, question)
