from __future__ import annotations

import sys
import time
from decimal import Decimal

import pytest

from exams.content import (
    Finding,
    Kind,
    Matching,
    Numeric,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from exams.formats.examgen_json import to_bytes
from exams.gate import check, check_exam
from exams.generation import Blueprint, Generated, generate_exam
from exams.generation.offline import OfflineEngine
from exams.generation.offline.parsing import NO_MODEL
from exams.generation.sections import cut_sections
from exams.reading.document import Document
from tests.samples.documents import NETWORKS, RIVERS, SPANISH, document
from tests.samples.questions import exam

ALL = (*(kind for kind in Kind),)
MODEL = ""


@pytest.fixture(autouse=True, params=["", NO_MODEL], ids=["parsed", "by lists"])
def model(request, monkeypatch):
    """Everything here holds with the parser and without it."""
    monkeypatch.setattr(sys.modules[__name__], "MODEL", request.param)
    return request.param


def generate(whole: Document, **wishes: object) -> Generated:
    return generate_exam(
        whole,
        Blueprint(**wishes),
        OfflineEngine(MODEL),
        source=exam().lecture,
    )


def drafts(whole: Document, *kinds: Kind):
    engine, wish = OfflineEngine(MODEL), Blueprint(kinds=kinds or ALL)
    return [
        draft
        for section in cut_sections(whole)
        for draft in engine.propose(whole, section, wish)
    ]


def stems(whole: Document, maker: str, *kinds: Kind) -> list[str]:
    return [d.question.stem for d in drafts(whole, *kinds) if d.maker == maker]


@pytest.mark.parametrize("whole", [RIVERS, NETWORKS, SPANISH])
def test_every_quote_is_the_pages_own_text(whole):
    made = drafts(whole)
    assert made
    for draft in made:
        for evidence in draft.question.evidence:
            text = whole.pages[evidence.page - 1].text
            assert text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.parametrize("seed", range(5))
def test_every_chosen_question_passes_every_hard_rule(seed):
    made = generate(RIVERS, questions=12, seed=seed)
    assert len(made.exam.questions) == 12
    for question in made.exam.questions:
        assert check(question, RIVERS).hard == ()


def test_equal_wishes_give_equal_bytes():
    first = to_bytes(generate(RIVERS, questions=10, seed=3).exam)
    assert to_bytes(generate(RIVERS, questions=10, seed=3).exam) == first


def test_one_engine_may_serve_many_documents():
    engine = OfflineEngine(MODEL)
    for whole in (RIVERS, NETWORKS, RIVERS):
        made = generate_exam(whole, Blueprint(seed=3), engine, source=exam().lecture)
        assert to_bytes(made.exam) == to_bytes(generate(whole, seed=3).exam)


def test_another_seed_gives_another_exam():
    exams = {to_bytes(generate(RIVERS, questions=5, seed=n).exam) for n in range(4)}
    assert len(exams) == 4


def test_a_definition_becomes_a_question_for_its_term():
    assert (
        "Which term refers to a wide bend that a slow river cuts into soft ground?"
        in (stems(RIVERS, "definition", Kind.SINGLE_CHOICE))
    )


def test_a_definition_becomes_a_choice_of_descriptions():
    question = next(
        d.question
        for d in drafts(RIVERS, Kind.SINGLE_CHOICE)
        if d.question.stem == "What is a meander?"
    )
    assert isinstance(question.body, SingleChoice)
    assert (
        question.body.key.text == "A wide bend that a slow river cuts into soft ground"
    )
    phrases = [option.text for option in question.body.distractors]
    assert len(phrases) == 3
    assert set(phrases) < {
        "A place where groundwater comes to the surface of the land",
        "A stream that joins a larger river before it reaches the sea",
        "A process that wears away rock and carries off the pieces",
        "A fan of mud and sand that builds up at the mouth of a river",
        "A low wall that raises the water level of a stream",
        "A bank of earth that keeps a river inside its channel",
    }


def test_distractors_are_other_defined_terms_of_the_same_number():
    for draft in drafts(RIVERS, Kind.SINGLE_CHOICE):
        if draft.maker == "definition":
            assert isinstance(draft.question.body, SingleChoice)
            texts = {option.text for option in draft.question.body.options}
            assert texts <= {
                "Spring",
                "Tributary",
                "Intermittent stream",
                "Erosion",
                "Meander",
                "Delta",
                "Weir",
                "Levee",
                "Floodplain",
            }


def test_a_name_given_in_passing_becomes_a_gap():
    assert stems(RIVERS, "naming", Kind.SHORT_ANSWER) == [
        (
            "Complete the sentence: “A river that dries up for part of the year is called "
            "a(n) _____.”"
        ),
        (
            "Complete the sentence: “Over time sand and mud form flat ground beside the "
            "channel known as a(n) _____.”"
        ),
    ]


def test_years_are_asked_in_whole_questions_with_years_in_order():
    asked = [d for d in drafts(RIVERS, Kind.SINGLE_CHOICE) if d.maker == "year"]
    assert [d.question.stem for d in asked] == [
        "In which year was the Hollin Dam built by the town of Marrow?",
        "In which year was the lower gate of the dam closed?",
        (
            "In which year did Edda Marlow describe the slow growth of the delta in a long "
            "report?"
        ),
        "In which year was the drift of gravel observed by Ines Calder?",
    ]
    for draft in asked:
        assert isinstance(draft.question.body, SingleChoice)
        years = [int(option.text) for option in draft.question.body.options]
        assert years == sorted(set(years))


def test_years_may_be_numbers():
    bodies = [d.question.body for d in drafts(RIVERS, Kind.NUMERIC)]
    assert bodies == [Numeric(Decimal(year)) for year in (1907, 1911, 1932, 1954)]


def test_people_are_asked_for_by_what_they_did():
    assert stems(RIVERS, "person", Kind.SHORT_ANSWER) == [
        "Who described the slow growth of the delta in a long report in 1932?",
        "By whom was the drift of gravel observed in 1954?",
        "Who proposed a new law for the width of bends?",
    ]


def test_a_statement_is_made_false_by_its_opposite_or_another_definition():
    found = {
        (d.question.stem, d.question.body.correct)
        for d in drafts(RIVERS, Kind.TRUE_FALSE)
        if isinstance(d.question.body, TrueFalse)
    }
    assert (
        "A levee is a bank of earth that keeps a river inside its channel.",
        True,
    ) in found
    assert (
        "A levee is a low wall that raises the water level of a stream.",
        False,
    ) in (found)


def test_a_matching_joins_definitions_that_cannot_be_confused():
    bodies = [d.question.body for d in drafts(NETWORKS, Kind.MATCHING)]
    # Router and firewall speak of packets, so they are kept apart from "Packet".
    assert bodies[0] == Matching(
        (
            ("Packet", "A small block of data with the address of its receiver"),
            ("Bandwidth", "The amount of data that a line can carry in one second"),
            ("Protocol", "A set of rules that two machines follow when they talk"),
        )
    )


def test_slides_with_terms_in_bullets_give_questions():
    made = generate(NETWORKS, questions=6)
    assert len(made.exam.questions) == 6
    assert made.exam.shortfall.reasons == ()


LABELS = document(
    """
- TLS: Transport Layer Security, a protocol that hides what two programs say
- Remember: frames travel between neighbours and packets travel between hosts
- Income effect: the change in spending that occurs because a price has changed
"""
)


def test_labels_that_are_no_terms_are_left_out_and_acronyms_are_one_thing():
    asked = [draft.question.stem for draft in drafts(LABELS, Kind.SHORT_ANSWER)]
    assert asked == [
        (
            "What is the term for Transport Layer Security, a protocol that hides what "
            "two programs say?"
        )
    ]


def test_an_example_in_a_bullet_is_no_term():
    asked = " ".join(draft.question.stem for draft in drafts(NETWORKS))
    assert "two computers" not in asked


def test_spanish_gets_only_what_is_safe():
    made = generate(SPANISH, kinds=(Kind.SHORT_ANSWER, Kind.SINGLE_CHOICE), questions=4)
    assert [question.stem for question in made.exam.questions] == [
        (
            "¿Qué término corresponde a esta definición: "
            "«una masa de hielo que baja despacio por un valle»?"
        ),
        (
            "¿Qué término corresponde a esta definición: "
            "«la capa de roca que guarda agua bajo el suelo»?"
        ),
        (
            "¿Qué término corresponde a esta definición: "
            "«una zona de tierra que lleva sus aguas a un mismo río»?"
        ),
        (
            "¿Qué término corresponde a esta definición: "
            "«un lugar donde el agua sale de la tierra»?"
        ),
    ]
    assert isinstance(made.exam.questions[0].body, ShortAnswer)


def test_a_language_without_patterns_gives_none_and_says_so():
    finnish = document("Joki virtaa mereen.", language="fi")
    made = generate(finnish, questions=3)
    assert made.exam.questions == ()
    assert made.exam.shortfall.missing == 3
    assert made.exam.shortfall.reasons == (
        Finding("language", {"language": "fi"}),
        Finding("too_few_sentences", {"count": 0}),
    )


def test_references_and_furniture_are_never_asked():
    asked = [
        evidence.quote
        for draft in drafts(RIVERS)
        for evidence in draft.question.evidence
    ]
    assert not any("Marlow, E." in quote or "valleys 3" in quote for quote in asked)


def test_sentences_that_lean_on_others_are_left_out():
    asked = [e.quote for d in drafts(RIVERS) for e in d.question.evidence]
    assert not any(quote.startswith("It carries") for quote in asked)
    assert not any("Figure 2" in quote for quote in asked)


GOODS = document(
    """
A normal good is a product whose demand rises when income rises.
An inferior good is a product whose demand falls when income rises.
A luxury is a purchase that few people can make in a bad year.
A staple is a food that most people eat on every day of the week.
In Norland, a market is a place where traders pay no tax on fish.
""",
    title="Goods",
)


def test_a_definition_that_says_the_opposite_is_the_best_distractor():
    question = next(
        draft.question
        for draft in drafts(GOODS, Kind.SINGLE_CHOICE)
        if draft.question.stem
        == "Which term refers to a product whose demand rises when income rises?"
    )
    assert isinstance(question.body, SingleChoice)
    assert question.body.distractors[0].text == "Inferior good"


def test_a_definition_with_a_limit_is_no_statement_without_it():
    asked = [draft.question.stem for draft in drafts(GOODS, Kind.TRUE_FALSE)]
    assert asked
    assert not any("traders" in stem and "market" in stem for stem in asked)


def test_a_lecture_of_unknown_language_is_tried_as_english():
    unknown = document("A weir is a low wall across a stream.", language="und")
    made = generate(unknown, kinds=(Kind.SHORT_ANSWER,), questions=2)
    assert [question.stem for question in made.exam.questions] == [
        "What is the term for a low wall across a stream?"
    ]
    assert Finding("language", {"language": "und"}) in made.exam.shortfall.reasons


def test_an_empty_lecture_gives_an_honest_shortfall():
    made = generate(document("# Only a heading"), questions=5)
    assert made.exam.questions == ()
    assert made.exam.shortfall.made == 0
    assert [reason.code for reason in made.exam.shortfall.reasons] == [
        "too_few_sentences",
        "too_few_definitions",
    ]


def test_a_kind_it_does_not_offer_is_named():
    made = generate(RIVERS, kinds=(Kind.ORDERING,), questions=1)
    assert Finding("kind_not_offered", {"kind": "ordering"}) in (
        made.exam.shortfall.reasons
    )


@pytest.mark.parametrize("kind", [Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.ESSAY])
def test_a_wish_for_one_kind_is_kept(kind):
    made = generate(RIVERS, kinds=(kind,), questions=5)
    assert {question.kind for question in made.exam.questions} == {kind}


@pytest.mark.parametrize("options", [2, 3, 4, 5, 6])
def test_choices_have_as_many_options_as_asked(options):
    made = generate(RIVERS, kinds=(Kind.SINGLE_CHOICE,), options=options, questions=4)
    assert made.exam.questions
    for question in made.exam.questions:
        assert isinstance(question.body, SingleChoice)
        assert len(question.body.options) == options


def test_a_whole_exam_is_balanced():
    for seed in range(5):
        made = generate(RIVERS, questions=14, seed=seed)
        assert check_exam(made.exam.questions).whole == ()


def test_work_grows_with_the_length_of_the_lecture_and_no_faster(model):
    if model != NO_MODEL:
        return  # parsing is linear by itself, and slow enough to be left to a benchmark

    def seconds(times: int) -> float:
        page = RIVERS.pages[1].text.replace("# ", "")
        whole = document("\n===\n".join(_varied(page, n) for n in range(times)))
        start = time.process_time()
        drafts(whole)
        return time.process_time() - start

    seconds(20)
    short, long = seconds(40), seconds(160)
    assert long < 4 * short * 2


def _varied(text: str, number: int) -> str:
    """A page with terms of its own, so that the list of terms grows as in a book."""
    letters = "abcdefghijklmnopqrst"
    mark = f"{letters[number % 20]}{letters[number // 20 % 20]}or"
    return (
        text.replace("meander", f"{mark}meander")
        .replace("delta", f"{mark}delta")
        .replace("Erosion", f"{mark.title()}osion")
    )
