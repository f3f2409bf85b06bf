from __future__ import annotations

from dataclasses import replace

import pytest

from exams.content import Matching, ShortAnswer, TrueFalse
from exams.generation.tags import MOST_TAGS, tags_of, terms_of
from exams.reading.document import Block, Role
from tests.samples.documents import document
from tests.samples.questions import choice, question

TEXT = "The river. A slow river cuts a meander. In 1831 it was wide."


def test_terms_are_what_the_lecture_sets_apart():
    plain = document(TEXT)
    (page,) = plain.pages
    heading, prose = TEXT.index(" A slow"), len(TEXT)
    bold = [
        (TEXT.index(text), TEXT.index(text) + len(text))
        for text in ("a meander.", "1831")
    ]
    blocks = (
        Block(0, Role.HEADING, 0, heading),
        Block(
            1, Role.PARAGRAPH, heading + 1, prose, bold=(*bold, (heading + 1, prose))
        ),
    )
    marked = replace(plain, pages=(replace(page, blocks=blocks),))
    # Neither a number nor a whole sentence is a term.
    assert terms_of(marked) == {"river": "The river", "meander": "a meander"}


@pytest.mark.parametrize(
    ("changes", "tags"),
    [
        ({"body": choice("Levee", "Delta", "Spring")}, ("Meander", "river", "Levee")),
        (
            {"body": ShortAnswer(("oxbow lake", "lake"))},
            ("oxbow lake", "Meander", "river"),
        ),
        ({"body": TrueFalse(correct=True)}, ("Meander", "river")),
        ({"body": Matching((("Levee", "wall"), ("Delta", "mouth")))}, None),
        ({"body": choice("A wide bend that is long", "b", "c")}, ("Meander", "river")),
    ],
)
def test_tags_are_the_terms_that_a_question_uses(changes, tags):
    terms = {"river": "river", "meander": "Meander", "mountain": "mountain"}
    asked = replace(
        question("single_choice", **changes),
        stem="What is a meander of rivers?",
        evidence=(),
    )
    found = tags_of(asked, terms)
    assert set(found) == (set(tags) if tags else {"Levee", "Delta", "Meander", "river"})
    assert len(found) <= MOST_TAGS


def test_a_term_inside_a_longer_one_is_no_tag_of_its_own():
    terms = {"bend": "bend", "wide bend": "wide bend"}
    asked = question("true_false", stem="A wide bend is slow.", evidence=())
    assert tags_of(asked, terms) == ("wide bend",)
