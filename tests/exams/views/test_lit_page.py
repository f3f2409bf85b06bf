"""Which part of which page is lit for a question."""

from __future__ import annotations

from accounts.models import User
from exams.content import Kind
from exams.views.lit_page import Rectangle, lit_page, lit_pages
from tests.factories import exams


def test_the_sentence_is_lit_and_the_rest_of_the_page_stands_around_it(
    educator: User,
) -> None:
    exam = exams.exam(educator, kinds=[Kind.SHORT_ANSWER])
    question = exam.questions.get()
    lit = lit_page(exam.lecture_id, question)
    assert lit is not None
    assert lit.page.number == 2
    assert lit.quote == exams.GUARDS
    assert (lit.before, lit.after) == (f"{exams.STAGES} ", "")
    # One line: from the eleventh word to the last, grown by a point and a half, but
    # by no more than half of the space to the tenth word.
    first, last = 10, 20
    assert lit.rectangles == [
        Rectangle(
            x=200 * first / 10_000 * 600 - 0.6,
            y=1000 / 10_000 * 800 - 1.5,
            width=(200 * last + 180 - 200 * first) / 10_000 * 600 + 2.1,
            height=200 / 10_000 * 800 + 3,
        )
    ]


def test_a_question_without_evidence_lights_nothing(educator: User) -> None:
    exam = exams.exam(educator, kinds=[Kind.ESSAY])
    question = exam.questions.get()
    question.evidence = []
    assert lit_page(exam.lecture_id, question) is None


def test_several_questions_are_lit_in_as_many_queries_as_one(
    educator: User, django_assert_num_queries
) -> None:
    exam = exams.exam(educator, kinds=list(Kind))
    evidence = {question.id: question.evidence for question in exam.questions.all()}
    uncited = exam.questions.all()[0].id
    evidence[uncited] = []
    with django_assert_num_queries(2):
        lit = lit_pages(exam.lecture_id, evidence)
    assert lit.keys() == evidence.keys() - {uncited}
    for question in exam.questions.all()[1:]:
        assert lit[question.id].quote == question.evidence[0]["quote"]
        assert lit[question.id] == lit_page(exam.lecture_id, question)


def test_a_page_that_is_gone_lights_nothing(educator: User) -> None:
    exam = exams.exam(educator, kinds=[Kind.SHORT_ANSWER])
    exam.lecture.pages.all().delete()
    assert lit_page(exam.lecture_id, exam.questions.get()) is None


def test_only_evidence_on_the_shown_page_is_lit(educator: User) -> None:
    exam = exams.exam(educator, kinds=[Kind.SINGLE_CHOICE])
    question = exam.questions.get()
    elsewhere = exams.evidence(exams.GUARDS)
    question.evidence.append(
        {
            "page": elsewhere.page,
            "start": elsewhere.start,
            "end": elsewhere.end,
            "quote": elsewhere.quote,
        }
    )
    lit = lit_page(exam.lecture_id, question)
    assert lit is not None
    assert lit.page.number == 1
    assert len(lit.rectangles) == 1
