"""What may be stored as an answer to which question."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.content import Kind
from scoring.grading import mark
from scoring.responses import LONGEST, ResponseError, response
from tests.samples.papers import named, one, policy
from tests.samples.questions import BODIES

SHEETS = {kind: one(body)[0] for kind, body in BODIES.items()}
OPTIONS = named(SHEETS["multiple_choice"]["options"])
IDS = [item["id"] for item in SHEETS["multiple_choice"]["options"]]
LEFT = named(SHEETS["matching"]["left"])
RIGHT = named(SHEETS["matching"]["right"])
ITEMS = [item["id"] for item in SHEETS["ordering"]["items"]]
A_LEFT, A_RIGHT = next(iter(LEFT.values())), next(iter(RIGHT.values()))
AN_OPTION = SHEETS["single_choice"]["options"][0]["id"]

TAKEN = [
    ("single_choice", AN_OPTION, AN_OPTION),
    ("multiple_choice", IDS[::-1], IDS),
    ("multiple_choice", [IDS[1], IDS[1]], [IDS[1]]),
    ("multiple_choice", [], None),
    ("true_false", True, True),
    ("true_false", False, False),
    ("short_answer", " Meander ", " Meander "),
    ("short_answer", " \t\n", None),
    ("short_answer", "x" * 500, "x" * 500),
    ("numeric", "1,5 m", "1,5 m"),
    ("matching", {A_LEFT: A_RIGHT}, {A_LEFT: A_RIGHT}),
    (
        "matching",
        dict.fromkeys(LEFT.values(), A_RIGHT),
        dict.fromkeys(LEFT.values(), A_RIGHT),
    ),
    ("matching", {}, None),
    ("ordering", ITEMS[::-1], ITEMS[::-1]),
    ("essay", "one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
    ("essay", "😀" * 15_000, "😀" * 15_000),
]
REFUSED = [
    ("single_choice", "nowhere", "unknown_option"),
    ("single_choice", [AN_OPTION], "wrong_shape"),
    ("single_choice", True, "wrong_shape"),
    ("multiple_choice", AN_OPTION, "wrong_shape"),
    ("multiple_choice", [AN_OPTION, "nowhere"], "unknown_option"),
    ("multiple_choice", [[]], "wrong_shape"),
    ("true_false", "true", "wrong_shape"),
    ("true_false", 1, "wrong_shape"),
    ("short_answer", 7, "wrong_shape"),
    ("short_answer", "x" * 501, "too_long"),
    ("short_answer", "a\x00b", "bad_character"),
    ("numeric", "1" * 61, "too_long"),
    ("numeric", 1.5, "wrong_shape"),
    ("matching", [A_LEFT, A_RIGHT], "wrong_shape"),
    ("matching", {A_RIGHT: A_LEFT}, "unknown_option"),
    ("matching", {A_LEFT: "nowhere"}, "unknown_option"),
    ("matching", {A_LEFT: [A_RIGHT]}, "wrong_shape"),
    ("ordering", ITEMS[:1], "incomplete"),
    ("ordering", [ITEMS[0], ITEMS[0]], "incomplete"),
    ("ordering", [ITEMS[0], "nowhere"], "unknown_option"),
    ("ordering", "".join(ITEMS), "wrong_shape"),
    ("essay", "x" * 15_001, "too_long"),
    ("essay", "\ud800", "bad_character"),
    ("essay", ["x"], "wrong_shape"),
]


@pytest.mark.parametrize(("kind", "value", "stored"), TAKEN)
def test_an_answer_is_stored_in_one_spelling(kind, value, stored) -> None:
    assert response(SHEETS[kind], value) == stored
    # Whatever is stored is an answer again, and the same one.
    assert response(SHEETS[kind], stored) == stored


@pytest.mark.parametrize(("kind", "value", "code"), REFUSED)
def test_what_is_no_answer_is_refused_with_the_reason(kind, value, code) -> None:
    with pytest.raises(ResponseError) as caught:
        response(SHEETS[kind], value)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", Kind)
def test_no_answer_is_one_to_every_question(kind: Kind) -> None:
    assert response(SHEETS[kind], None) is None


def test_the_longest_essay_fits_into_one_message() -> None:
    assert (
        len(json.dumps("字" * LONGEST[Kind.ESSAY], ensure_ascii=False).encode())
        < 60_000
    )
    assert len(("😀" * LONGEST[Kind.ESSAY]).encode()) < 64 * 1024


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(Kind), json_values)
def test_any_value_is_taken_or_refused_and_what_is_taken_can_be_graded(
    kind, value
) -> None:
    sheet, key = one(BODIES[kind])
    try:
        stored = response(sheet, value)
    except ResponseError:
        return
    mark(kind=kind, key=key, value=stored, policy=policy())
