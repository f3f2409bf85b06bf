"""An exam as a whole: coverage of the lecture, and the document that leaves the site."""

from __future__ import annotations

from decimal import Decimal

from accounts.models import User
from exams import content
from exams.content import Kind
from exams.formats import examgen_json
from exams.models import Question
from exams.services import documents
from exams.services.documents import PageCoverage
from exams.services.wishes import Wish
from exams.states import QuestionState
from tests.factories import exams


def test_coverage_counts_every_page_without_dropped_questions(educator: User) -> None:
    exam = exams.exam(educator, kinds=list(Kind))
    exam.questions.filter(kind=Kind.ESSAY).update(state=QuestionState.REJECTED)
    assert documents.coverage(exam, list(exam.questions.all())) == [
        PageCoverage(page=1, questions=4),
        PageCoverage(page=2, questions=3),
    ]


def test_a_page_that_nobody_asks_about_is_counted_with_none(educator: User) -> None:
    exam = exams.exam(educator, kinds=[Kind.SINGLE_CHOICE])
    cells = documents.coverage(exam, list(exam.questions.all()))
    assert [cell.questions for cell in cells] == [1, 0]


def test_the_strip_has_at_most_three_steps() -> None:
    assert [PageCoverage(1, count).step for count in (0, 1, 3, 4, 40)] == [
        0,
        1,
        3,
        3,
        3,
    ]


def test_the_document_holds_kept_and_undecided_questions_in_their_order(
    educator: User,
) -> None:
    exam = exams.exam(educator, kinds=list(Kind))
    exam.questions.filter(kind=Kind.NUMERIC).update(state=QuestionState.REJECTED)
    exam.questions.filter(kind=Kind.TRUE_FALSE).update(state=QuestionState.ACCEPTED)

    made = documents.as_content(exam)

    kinds = [question.kind for question in made.questions]
    assert kinds == [kind for kind in Kind if kind != Kind.NUMERIC]
    for question in made.questions:
        assert question.body == exams.BODIES[question.kind]
        assert question.evidence == (exams.evidence(exams.QUOTES[question.kind]),)
        assert question.points == Decimal(1)


def test_the_document_names_lecture_engine_seed_and_shortfall(educator: User) -> None:
    exam = exams.exam(
        educator,
        title="Mid-term",
        settings=Wish(questions=9, seed=7).to_json(),
        shortfall={
            "asked": 9,
            "made": 4,
            "reasons": [{"code": "duplicates", "params": {"count": 2}}],
        },
    )
    made = documents.as_content(exam)
    assert (made.title, made.language, made.seed) == ("Mid-term", "en", 7)
    assert (made.engine_name, made.engine_version) == ("offline", "1")
    assert made.lecture == content.LectureSource(
        title="Week1", sha256=exam.lecture.sha256, pages=2
    )
    assert made.shortfall == content.Shortfall(
        9, 4, (content.Finding("duplicates", {"count": 2}),)
    )


def test_every_kind_survives_the_way_to_bytes_and_back(educator: User) -> None:
    exam = exams.exam(educator, kinds=list(Kind))
    made = documents.as_content(exam)
    assert examgen_json.from_bytes(examgen_json.to_bytes(made)) == made


def test_points_are_written_without_empty_places(educator: User) -> None:
    exam = exams.exam(educator, kinds=[Kind.TRUE_FALSE])
    for points, written in (
        ("1", "1"),
        ("1.50", "1.5"),
        ("10", "10"),
        ("0.25", "0.25"),
    ):
        Question.objects.update(points=Decimal(points))
        document = examgen_json.to_document(documents.as_content(exam))
        assert document["questions"][0]["points"] == written


def test_a_document_takes_as_many_queries_for_eight_questions_as_for_one(
    educator: User, django_assert_num_queries
) -> None:
    for kinds in ([Kind.ESSAY], list(Kind)):
        exam = exams.exam(educator, kinds=kinds)
        with django_assert_num_queries(1):
            documents.as_content(exam)
