"""Rows: what they are called, where their files lie, what the database refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from accounts.models import User
from exams.content import Kind
from exams.models import Block, Exam, Lecture, Page, Question
from exams.reading.document import Box, PageKind, Role, Word
from tests.factories import exams


@pytest.mark.parametrize(
    ("file_name", "title"),
    [
        ("week1.pdf", "Week1"),
        ("week1_intro-to  botany.pdf", "Week1 intro to botany"),
        ("week1.intro.pdf", "Week1.intro"),
        ("Über Blätter.PDF", "Über Blätter"),
        ("no suffix", "No suffix"),
        ("_.pdf", "_.pdf"),
        (".pdf", ".pdf"),
        ("x" * 300 + ".pdf", "X" + "x" * 199),
    ],
)
def test_a_files_name_becomes_a_readable_title(file_name: str, title: str) -> None:
    assert Lecture.title_from(file_name) == title


def test_everything_made_of_a_row_lies_under_its_owner(educator: User) -> None:
    exam = exams.exam(educator)
    owner = f"u/{educator.id}"
    assert exam.prefix == f"{owner}/exams/{exam.id}"
    assert exam.lecture.prefix == f"{owner}/lectures/{exam.lecture_id}"


def test_rows_are_called_by_what_people_see(educator: User) -> None:
    exam = exams.exam(educator, title="Mid-term")
    assert str(exam) == "Mid-term"
    assert str(exam.lecture) == "Week1"
    assert str(exam.questions.get(position=1)) == "Which pigment catches light?"


# What was read


def test_a_page_comes_back_as_it_was_read(educator: User) -> None:
    lecture = exams.lecture(educator)
    row = Page.objects.prefetch_related("blocks").get(lecture=lecture, number=1)
    page = row.as_read()
    assert (page.number, page.width, page.height) == (1, 600.0, 800.0)
    assert page.text == exams.TEXTS[0]
    assert page.kind is PageKind.PROSE
    (block,) = page.blocks
    assert (block.role, block.start, block.end) == (
        Role.PARAGRAPH,
        0,
        len(exams.TEXTS[0]),
    )
    assert page.words[0] == Word(0, 11, Box(0.0, 0.1, 0.018, 0.12))
    assert page.text[0:11] == "Chlorophyll"


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_comes_back_in_the_vocabulary_of_content(
    educator: User, kind: Kind
) -> None:
    row = exams.exam(educator, kinds=[kind]).questions.get()
    made = row.as_content()
    assert made.id == str(row.id)
    assert (made.kind, made.stem, made.body) == (
        kind,
        exams.STEMS[kind],
        exams.BODIES[kind],
    )
    assert made.evidence == (exams.evidence(exams.QUOTES[kind]),)


def test_a_question_is_about_the_page_of_its_first_evidence(educator: User) -> None:
    question = exams.exam(educator, kinds=[Kind.SHORT_ANSWER]).questions.get()
    assert question.page == 2
    question.evidence = []
    assert question.page is None


# What the database refuses


def test_one_owner_cannot_hold_the_same_bytes_twice(
    educator: User, colleague: User
) -> None:
    exams.lecture(educator, sha256="a" * 64)
    exams.lecture(colleague, sha256="a" * 64)
    with pytest.raises(IntegrityError):
        exams.lecture(educator, sha256="a" * 64)


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Lecture, {"state": "lost"}),
        (Exam, {"state": "lost"}),
        (Question, {"state": "lost"}),
        (Page, {"number": 1}),
        (Question, {"position": 1}),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(
    educator: User, model: Any, changes: dict[str, Any]
) -> None:
    exams.exam(educator)
    with pytest.raises(IntegrityError):
        model.objects.update(**changes)


def test_a_block_stands_once_in_its_page(educator: User) -> None:
    exams.lecture(educator)
    block = Block.objects.all()[0]
    block.pk = None
    with pytest.raises(IntegrityError):
        block.save()


def test_a_lecture_with_exams_is_not_deleted_by_accident(educator: User) -> None:
    exam = exams.exam(educator)
    with pytest.raises(ProtectedError):
        exam.lecture.delete()
