"""What the parser adds to English: each maker and each filter, with both outcomes."""

from __future__ import annotations

import pytest

from exams.content import Kind, Matching, ShortAnswer, SingleChoice, TrueFalse
from exams.formats.examgen_json import to_bytes
from exams.gate import check
from exams.generation import Blueprint, generate_exam
from exams.generation.offline import OfflineEngine
from exams.generation.offline.analysis import Analysis
from exams.generation.offline.clauses import main_clause
from exams.generation.offline.distractors import are_siblings
from exams.generation.offline.inversion import inverted
from exams.generation.offline.parsing import load_parser
from exams.generation.offline.phrases import Capitals
from exams.generation.sections import cut_sections
from exams.reading.document import Document, PageKind
from tests.samples.documents import document
from tests.samples.questions import exam

ALL = (*(kind for kind in Kind),)


def analysis(whole: Document | str) -> Analysis:
    return Analysis(document(whole) if isinstance(whole, str) else whole, load_parser())


def drafts(whole: Document | str, *kinds: Kind):
    whole = document(whole) if isinstance(whole, str) else whole
    engine, wish = OfflineEngine(), Blueprint(kinds=kinds or ALL)
    return [
        draft
        for section in cut_sections(whole)
        for draft in engine.propose(whole, section, wish)
    ]


def asked(whole: Document | str, maker: str, *kinds: Kind) -> list[str]:
    return [d.question.stem for d in drafts(whole, *kinds) if d.maker == maker]


def clause(text: str):
    found = main_clause(analysis(text).parses[0])
    assert found is not None
    return found


# Sentences that stand alone


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Glaciers grind the rock beneath their ice into fine flour.", True),
        ("They grind the rock beneath the ice into fine flour.", False),
        ("This process grinds the rock beneath the ice into flour.", False),
        ("The two layers differ in the size of their grains.", False),
        ("The two layers of a varve differ in the size of grains.", True),
        ("However, glaciers grind the rock beneath the ice into flour.", True),
        (
            "At the same time, glaciers grind the rock beneath the ice into flour.",
            False,
        ),
        ("Louis Marl introduced the model in a long series of lectures.", False),
        ("Louis Marl introduced a model of ice in a long series of lectures.", True),
        ("A glacier’s weight presses the snow of many winters into ice.", True),
        ("Compare the rock beneath the ice with the flour of the valley.", False),
        ("Glaciers carry more rock into the valleys of the north.", False),
        ("Glaciers carry more rock than the rivers of the north.", True),
        ("The points where they meet are covered with ice.", False),
        ("Glaciers melt at the points where they meet the sea.", True),
        ("As the name implies, a moraine is a wall of rock and ice.", False),
    ],
)
def test_a_sentence_stands_alone_or_leans_on_another(text, stands):
    whole = analysis(text)
    assert whole.stands_alone(whole.sentences[0]) is stands


def test_a_clause_is_taken_apart_and_turned():
    plain = clause("In winter, the old ferry carries mail across the sound.")
    assert (plain.lead, plain.subject) == ("In winter", "the old ferry")
    assert plain.predicate == "carries mail across the sound"
    assert (
        inverted(plain, Capitals()) == "does the old ferry carry mail across the sound"
    )
    passive = clause("The lower gates were closed by a storm.")
    assert inverted(passive, Capitals()) == "were the lower gates closed by a storm"
    cut = clause("A moraine holds back the lake, and the town drinks from it.")
    assert cut.predicate == "holds back the lake"


# Makers

KILNS = """
# Kilns and glazes
A kiln is a furnace that hardens clay by heat. A saggar is a box that shields a pot from the flames of a fire. A glaze is a thin coat of glass that seals the surface of a pot. An engobe is a thin coat of clay that changes the colour of a pot.
Kilns and saggars protect pots, and saggars stack like bricks. Glazes and engobes cover pots. A glaze melts at a lower heat than clay.
A chimney draws hot gas through the chamber of a kiln. Crazing occurs when the coat shrinks more than the clay beneath.
Robert Brenner built a gas kiln for the school of Tarn in 1931. The clay of Tarn was described by Charles Vance in 1954.
A downdraught kiln is a kiln that pulls hot gas to the floor. An updraught kiln is a kiln that lets hot gas rise to the roof.
"""


def test_a_subject_is_asked_for_by_what_is_said_of_it():
    assert asked(KILNS, "what") == [
        "What draws hot gas through the chamber of a kiln?",
        "What occurs when the coat shrinks more than the clay beneath?",
    ]


def test_who_did_it_is_a_question_for_persons():
    assert asked(KILNS, "person", Kind.SHORT_ANSWER) == [
        "Who built a gas kiln for the school of Tarn in 1931?",
        "By whom was the clay of Tarn described in 1954?",
    ]


def test_kinds_of_one_thing_are_told_apart_as_true_and_false():
    found = [
        (d.question.stem, d.question.body.correct)
        for d in drafts(KILNS, Kind.TRUE_FALSE)
        if d.maker == "sibling"
    ]
    assert found[:2] == [
        ("A downdraught kiln is a kiln that pulls hot gas to the floor.", True),
        ("A downdraught kiln is a kiln that lets hot gas rise to the roof.", False),
    ]


def test_years_are_asked_for_by_grammar():
    assert asked(KILNS, "year", Kind.SHORT_ANSWER) == [
        "In which year did Robert Brenner build a gas kiln for the school of Tarn?",
        "In which year was the clay of Tarn described by Charles Vance?",
    ]


DECK = document(
    "\n===\n".join(
        f"""
# {title}
- {first}s: {a}, {b}, {c}
- {second}s: {d}, {e}, {f}
- {g}: a {noun} that {does} the {thing}
- {h}: a {noun} that {other} the {thing}
- {i} lifts the {thing} of heavy {first}s
"""
        for title, first, second, noun, does, other, thing, names in [
            ("Boats", "Rowboat", "Sailboat", "board", "steers", "stops", "hull",
             "skiff dory wherry sloop ketch yawl Rudder Skeg Winch"),
            ("Bread", "Flatbread", "Sourbread", "tool", "cuts", "turns", "loaf",
             "lavash matzo naan vollkorn pumper levain Lame Peel Banneton"),
            ("Horns", "Woodwind", "Brasswind", "part", "bends", "widens", "tone",
             "flute oboe shawm cornet tuba bugle Valve Bell Mouthpiece"),
            ("Walls", "Drywall", "Brickwall", "course", "ties", "caps", "stone",
             "dyke hedge ditch garden party screen Header Coping Trowel"),
        ]
        for a, b, c, d, e, f, g, h, i in [names.split()]
    ),
    kind=PageKind.SLIDE,
)  # fmt: skip


def test_members_of_a_list_are_told_from_those_of_its_neighbour():
    question = next(
        d.question for d in drafts(DECK, Kind.SINGLE_CHOICE) if d.maker == "members"
    )
    assert question.stem == "Which of the following is a rowboat?"
    assert [option.text for option in question.body.options] == [
        "Skiff",
        "Sloop",
        "Ketch",
        "Yawl",
    ]


def test_a_deck_gives_ten_questions_through_the_gate():
    made = generate_exam(
        DECK, Blueprint(questions=12), OfflineEngine(), source=exam().lecture
    )
    assert len(made.exam.questions) >= 10
    assert all(check(q, DECK).passed for q in made.exam.questions)


def test_a_label_before_a_statement_defines_nothing():
    slides = """
- Ready: the boat waits for the tide
- Rudder: a board that steers the hull
"""
    assert asked(slides, "term", Kind.SHORT_ANSWER) == [
        "What is the term for a board that steers the hull?"
    ]


CODE = """
- A[3] gets the third element of A
- A[-2] gets everything but the second element
- A[1:3] gets the first three elements of A
- A[c(2, 4)] gets the second and fourth elements
"""


def test_code_is_asked_for_by_what_it_does():
    made = [d.question for d in drafts(CODE) if d.maker == "expression"]
    assert made[0].stem == "Which of the following gets the third element of A?"
    assert [option.text for option in made[0].body.options] == [
        "A[3]",
        "A[-2]",
        "A[1:3]",
        "A[c(2, 4)]",
    ]
    assert all(check(question, document(CODE)).passed for question in made)


# Terms, names and wrong answers


def test_an_acronym_is_taken_for_its_long_name():
    text = """
The Harbour Pilots Union (HPU) guides heavy ships through narrow channels.
Every port of the coast pays the Harbour Pilots Union for each ship.
"""
    whole = analysis(text)
    assert whole.names.besides("Harbour Pilots Union") == ("HPU",)
    assert whole.names.besides("port of the coast") == ()


def test_wrong_answers_are_of_the_right_ones_sort():
    whole = analysis(KILNS)
    kiln, saggar, glaze, engobe = (
        whole.glossary.get(name) for name in ("kiln", "saggar", "glaze", "engobe")
    )
    assert whole.likeness(glaze, engobe) > whole.likeness(glaze, kiln)
    assert whole.likeness(kiln, saggar) > whole.likeness(engobe, kiln)


def test_a_word_turns_a_claim_and_not_half_a_name():
    true_false = [
        (d.question.stem, d.question.body.correct)
        for d in drafts(
            """
A **governor** is a device that holds the speed of an engine.
A governor with positive feedback and internal vanes keeps ships on course.
A higher load increases the fuel that a governor sends to the engine.
""",
            Kind.TRUE_FALSE,
        )
        if d.maker == "antonym"
    ]
    assert true_false == [
        ("A higher load increases the fuel that a governor sends to the engine.", True),
        (
            "A higher load decreases the fuel that a governor sends to the engine.",
            False,
        ),
    ]


def test_siblings_are_alike_or_stand_under_one_heading():
    """That both are defined somewhere does not make two terms of one sort."""
    whole = analysis(
        """
# Firing

A **kiln** is a furnace that hardens clay by heat.

A **cone** is a small tower that bends at a known heat.

# Tools

A **rib** is a flat blade of wood for the wheel. Potters press the rib on the wall. A
smoke alarm warns of a kiln. Workers load the kiln by night and cool the kiln by day.

A **gas kiln** is a furnace that burns gas from below.
"""
    )
    kiln, cone, rib, gas = map(whole.glossary.get, ("kiln", "cone", "rib", "gas kiln"))
    assert kiln is not None
    assert [are_siblings(whole, kiln, other) for other in (cone, rib, gas)] == [
        True,
        False,
        True,
    ]


def test_what_limits_a_claim_stays_with_it():
    stems = [
        d.question.stem
        for d in drafts(
            """
A **slip** is a liquid of (mostly) water and fine clay.
A **grog** is a powder of (fired) clay that was ground.
"""
        )
    ]
    assert any("a liquid of (mostly) water and fine clay" in stem for stem in stems)
    assert any("a powder of clay that was ground" in stem for stem in stems)


def test_a_definition_that_speaks_of_something_before_it_defines_nothing():
    whole = """
A **seam** is the line between the two slabs.
A **luting** is the line between two slabs of a pot.
"""
    assert asked(whole, "term", Kind.SHORT_ANSWER) == [
        "What is the term for the line between two slabs of a pot?"
    ]


def test_the_rest_of_a_sentence_from_the_page_before_defines_nothing():
    whole = """
At the tips of these
===
spikes are long rods of clay that hold a pot over the fire.
A **stilt** is a short rod of clay that holds a pot over the fire.
"""
    assert asked(whole, "term", Kind.SHORT_ANSWER) == [
        "What is the term for a short rod of clay that holds a pot over the fire?"
    ]


def test_a_gap_is_not_given_away_nor_leans_on_the_sentence_before():
    whole = """
The outer wall of a kiln has a small hole called the **spyhole** (peephole) for the potter.
In addition, the floor of a kiln has a channel called the **flue** that draws the smoke.
"""
    assert asked(whole, "naming", Kind.SHORT_ANSWER) == [
        (
            "Complete the sentence: “The outer wall of a kiln has a small hole called the "
            "_____ for the potter.”"
        )
    ]


def test_who_calls_a_thing_by_a_name_names_it_behind_the_thing():
    whole = """
Brenner called the **slips**, colours, and glazes of a workshop the potter's palette.
"""
    assert asked(whole, "naming", Kind.SHORT_ANSWER) == []


# The whole


def test_a_golden_lecture_gives_this_exam():
    wish = Blueprint(questions=8, seed=4)
    whole = document(KILNS, title="Pots")
    made = generate_exam(whole, wish, OfflineEngine(), source=exam().lecture)
    again = generate_exam(whole, wish, OfflineEngine(), source=exam().lecture)
    assert to_bytes(made.exam) == to_bytes(again.exam)
    assert [(q.stem, answer(q.body)) for q in made.exam.questions] == GOLDEN


def answer(body) -> object:
    match body:
        case SingleChoice():
            return body.key.text
        case ShortAnswer():
            return body.accepted[0]
        case TrueFalse():
            return body.correct
        case Matching():
            return body.pairs
    return None


GOLDEN: list[tuple[str, object]] = [
    ("Which term refers to a furnace that hardens clay by heat?", "Kiln"),
    (
        "What is the term for a thin coat of glass that seals the surface of a pot?",
        "glaze",
    ),
    (
        "What is the term for a thin coat of clay that changes the colour of a pot?",
        "engobe",
    ),
    ("A glaze melts at a higher heat than clay.", False),
    ("Who built a gas kiln for the school of Tarn in 1931?", "Robert Brenner"),
    ("In which year was the clay of Tarn described by Charles Vance?", "1954"),
    ("An updraught kiln is a kiln that lets hot gas rise to the roof.", True),
]


def test_a_lecture_is_studied_before_it_is_drafted_from_and_may_be_stopped():
    told: list[tuple[str, int, int]] = []

    def stop(*step: object) -> None:
        told.append(step)
        if len(told) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        generate_exam(
            document(KILNS),
            Blueprint(),
            OfflineEngine(),
            source=exam().lecture,
            progress=stop,
        )
    assert told == [("drafted", 0, 2), ("drafted", 1, 2)]


def test_what_is_counted_is_asked_among_numbers_near_by():
    made = [
        d.question
        for d in drafts(
            """
An oak barrel holds about 225 litres of young wine.
A cork has one end that is cut at an angle.
Coopers use four kinds of iron hoops.
""",
            Kind.SINGLE_CHOICE,
        )
        if d.maker == "quantity"
    ]
    assert [question.stem for question in made] == [
        "Approximately how many litres of young wine does an oak barrel hold?",
        "How many kinds of iron hoops do coopers use?",
    ]
    assert [[o.text for o in question.body.options] for question in made] == [
        ["112", "169", "225", "281"],
        ["two", "three", "four", "five"],
    ]
