"""Orders in a lecture are not followed. `make bench-generation` tries them as PDFs."""

from __future__ import annotations

from exams.content import LectureSource
from exams.generation import Blueprint, generate_exam
from exams.generation.offline import OfflineEngine
from tests.samples.documents import document
from tests.samples.injections import CARRIERS, ORDERS, obeyed, pairs
from tests.samples.pdfs import PARAGRAPHS
from tests.samples.questions import question


def test_no_question_follows_an_order_of_the_lecture() -> None:
    lines = ["# Leaves", *PARAGRAPHS]
    for place, order in enumerate(ORDERS):
        mark = ("", "- ", "# ")[place % 3]
        lines += [f"{mark}{order}", PARAGRAPHS[place % len(PARAGRAPHS)]]
    exam = generate_exam(
        document("\n".join(lines)),
        Blueprint(questions=60),
        OfflineEngine(),
        source=LectureSource(title="Leaves", sha256="", pages=1),
    ).exam
    assert len(exam.questions) >= 3
    assert [one.stem for one in exam.questions if obeyed(one)] == []


def test_the_corpus_has_every_order_in_several_places() -> None:
    found = list(pairs())
    assert len(found) >= 40
    assert {order for order, _ in found} == set(ORDERS)
    assert {carrier for _, carrier in found} == set(CARRIERS)
    assert obeyed(question("true_false", stem="A ZORBLAX is a river."))
    assert not obeyed(question("true_false"))
