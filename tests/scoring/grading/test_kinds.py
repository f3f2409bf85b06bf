"""Every kind but multiple choice: right, wrong, in between, and nothing at all."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.content import (
    Body,
    Essay,
    Kind,
    Matching,
    Numeric,
    Ordering,
    ShortAnswer,
    TrueFalse,
)
from exams.policy import Several
from scoring import grading
from scoring.grading import MARKERS, Mark, earned, mark
from tests.samples.papers import named, one, policy
from tests.samples.questions import BODIES, choice

RIGHT, WRONG = Decimal(1), Decimal(0)
SHARED = [Several.PROPORTIONAL, Several.PENALTY]


def graded(body: Body, value: Any, **rules: Any) -> Mark:
    _, key = one(body)
    return mark(kind=body.kind, key=key, value=value, policy=policy(**rules))


# The registry


def test_every_kind_has_a_module_of_its_name_and_a_marker() -> None:
    assert set(MARKERS) == set(Kind)
    folder = Path(grading.__file__).parent
    assert {kind.value for kind in Kind} <= {path.stem for path in folder.glob("*.py")}
    for kind, marker in MARKERS.items():
        assert marker.__module__ == f"scoring.grading.{kind}"


@pytest.mark.parametrize("kind", Kind)
def test_no_answer_earns_nothing_and_needs_nobody(kind: Kind) -> None:
    assert graded(BODIES[kind], None) == Mark(Decimal(0))


ODD = [None, True, 1, 1.5, "", "x", [], ["x"], [None], [["x"]], {}, {"x": "y"}]


@pytest.mark.parametrize(("kind", "value"), list(product(Kind, ODD)))
def test_whatever_is_stored_can_be_graded(kind: Kind, value: Any) -> None:
    """A stored answer that no longer fits must not keep an attempt open."""
    found = graded(BODIES[kind], value).fraction
    if kind == Kind.ESSAY and value == "x":
        assert found is None
    elif kind == Kind.TRUE_FALSE and value is True:
        assert found == 1
    else:
        assert found == 0


# Single choice, true or false


def test_a_single_choice_is_right_or_wrong() -> None:
    body = choice("Meander", "Levee", "Spring")
    sheet, _ = one(body)
    found = {
        text: graded(body, name).fraction
        for text, name in named(sheet["options"]).items()
    }
    assert found == {"Meander": RIGHT, "Levee": WRONG, "Spring": WRONG}


@pytest.mark.parametrize(("key", "value"), list(product([True, False], repeat=2)))
def test_a_judgement_is_right_or_wrong(key: bool, value: bool) -> None:
    assert graded(TrueFalse(correct=key), value).fraction == (key is value)


# Short answers

SAME = [
    ("meander", "Meander"),
    ("guard cells", "  Guard \n cells "),
    ("Él niño", "el nino"),
    ("naïve", "naive"),
    ("naïve", "nai\u0308ve"),
    ("Straße", "STRASSE"),
    ("Müller's law", "Müller’s law"),
    ("well-known", "well–known"),
    ("meander", "meander."),
    ("ﬁeld", "field"),
    ("H₂O", "h2o"),
    ("Ёлка", "елка"),
    ("σοφός", "ΣΟΦΟΣ"),
    ("שלום", "שָׁלוֹם"),
    ("co\u00adoperate", "cooperate"),
]
DIFFERENT = [
    ("meander", "meanders"),
    ("meander", "mean der"),
    ("C", "C++"),
    ("ka か", "ka が"),
    ("कि", "क"),
    ("Kern", ""),
    ("Kern", " . "),
]


@pytest.mark.parametrize(("accepted", "given"), SAME)
def test_case_space_and_accents_do_not_count(accepted: str, given: str) -> None:
    assert graded(ShortAnswer((accepted,)), given).fraction == RIGHT
    assert graded(ShortAnswer((given,)), accepted).fraction == RIGHT


@pytest.mark.parametrize(("accepted", "given"), DIFFERENT)
def test_other_words_are_wrong(accepted: str, given: str) -> None:
    assert graded(ShortAnswer((accepted,)), given).fraction == WRONG


def test_any_accepted_answer_will_do() -> None:
    body = ShortAnswer(("meander", "river bend"))
    given = ["Meander", "RIVER BEND", "bend"]
    assert [graded(body, text).fraction for text in given] == [RIGHT, RIGHT, WRONG]


@given(st.text(min_size=1, max_size=40))
def test_an_accepted_answer_given_as_it_stands_is_right(text: str) -> None:
    expected = grading.short_answer.folded(text) != ""
    assert graded(ShortAnswer((text,)), text).fraction == expected


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = grading.short_answer.folded(text)
    assert grading.short_answer.folded(once) == once


# Numbers

PORES = Numeric(Decimal("1234.5"), Decimal("0.5"), "m")
NUMBERS = [
    ("1234.5", RIGHT),
    ("1234,5", RIGHT),
    ("1234", RIGHT),
    ("1235", RIGHT),
    ("1235.01", WRONG),
    ("1233.99", WRONG),
    ("1,234.5", RIGHT),
    ("1.234,5", RIGHT),
    ("1 234,5", RIGHT),
    ("1\u202f234,5", RIGHT),
    ("1'234.5", RIGHT),
    ("1,234", RIGHT),
    ("+1234.5", RIGHT),
    ("−1234.5", WRONG),
    ("1.2345e3", RIGHT),
    ("1.2345 × 10^3", RIGHT),
    ("1,2345·10³ m", RIGHT),
    ("1234.5 m", RIGHT),
    ("1234.5m", RIGHT),
    ("m 1234.5", RIGHT),
    ("\u0661\u0662\u0663\u0664\u066b\u0665", RIGHT),
]


@pytest.mark.parametrize(("typed", "expected"), NUMBERS)
def test_numbers_as_people_type_them(typed: str, expected: Decimal) -> None:
    assert graded(PORES, typed) == Mark(expected)


@pytest.mark.parametrize("typed", ["1234.5 M", "1234.5 km", "1234.5 m²", "$1234.5"])
def test_another_unit_is_wrong_and_said_to_be_another(typed: str) -> None:
    assert graded(PORES, typed) == Mark(Decimal(0), "other_unit")


@pytest.mark.parametrize(
    "typed",
    ["many", "", "1..2", "1,2,3", "12 34", "12,34,567", "m 5 m", "1" * 61, "∞", "nan"],
)
def test_what_is_no_number_is_wrong_and_said_to_be_none(typed: str) -> None:
    assert graded(PORES, typed) == Mark(Decimal(0), "not_a_number")


def test_a_comma_before_three_digits_is_read_both_ways() -> None:
    for value in ("1.234", "1234"):
        assert graded(Numeric(Decimal(value)), "1,234").fraction == RIGHT
    # A point is never a thousand.
    assert graded(Numeric(Decimal(1234)), "1.234").fraction == WRONG


def test_units_may_be_written_in_several_ways() -> None:
    body = Numeric(Decimal(300), unit="per mm²")
    for typed in ("300 per mm^2", "300 per mm2", "300 per  mm²"):
        assert graded(body, typed).fraction == RIGHT
    assert graded(Numeric(Decimal(3), unit="µm"), "3 μm").fraction == RIGHT


def test_without_a_unit_none_may_be_given() -> None:
    assert graded(Numeric(Decimal(3)), "3 m") == Mark(Decimal(0), "other_unit")


@given(
    st.decimals(-(10**6), 10**6, places=4),
    st.decimals(0, 1000, places=3),
    st.decimals(-2000, 2000, places=4),
)
def test_a_number_is_right_exactly_within_the_tolerance(value, tolerance, off) -> None:
    body = Numeric(value, tolerance)
    typed = f"{value + off:f}"
    assert graded(body, typed).fraction == (abs(off) <= tolerance)


@given(st.text(alphabet="0123456789.,-+e m²^×·' \u00a0", max_size=70))
def test_any_text_can_be_read_as_a_number_or_not(typed: str) -> None:
    assert graded(PORES, typed).fraction in (RIGHT, WRONG)


# Matching and ordering

PAIRS = (("a", "1"), ("b", "2"), ("c", "3"))


def matched(pairs: dict[str, str], several: Several) -> Decimal:
    sheet, key = one(Matching(PAIRS))
    left, right = named(sheet["left"]), named(sheet["right"])
    value = {left[a]: right[b] for a, b in pairs.items()}
    rules = policy(several=several)
    found = mark(kind="matching", key=key, value=value, policy=rules).fraction
    assert found is not None
    return found


@pytest.mark.parametrize("several", SHARED)
def test_the_share_of_right_pairs_counts(several: Several) -> None:
    assert matched({"a": "1", "b": "2", "c": "3"}, several) == 1
    assert matched({"a": "1", "b": "3", "c": "2"}, several) == Decimal(1) / 3
    assert matched({"a": "1", "b": "2"}, several) == Decimal(2) / 3
    assert matched({"a": "1", "b": "1", "c": "1"}, several) == Decimal(1) / 3
    assert matched({"a": "2", "b": "3", "c": "1"}, several) == 0


def test_pairs_are_all_or_nothing_where_the_policy_says_so() -> None:
    assert matched(dict(PAIRS), Several.EXACT) == 1
    assert matched({"a": "1", "b": "2"}, Several.EXACT) == 0


def ordered(order: str, several: Several, right: str = "abcd") -> Decimal | None:
    sheet, key = one(Ordering(tuple(right)))
    ids = named(sheet["items"])
    rules = policy(several=several)
    value = [ids[item] for item in order]
    return mark(kind="ordering", key=key, value=value, policy=rules).fraction


@pytest.mark.parametrize("several", SHARED)
def test_the_share_of_right_neighbours_counts(several: Several) -> None:
    assert ordered("abcd", several) == 1
    assert ordered("bcda", several) == Decimal(2) / 3
    assert ordered("abdc", several) == Decimal(1) / 3
    assert ordered("dcba", several) == 0
    assert ordered("abc", several) == 0


def test_an_order_is_all_or_nothing_where_the_policy_says_so() -> None:
    assert ordered("abcd", Several.EXACT) == 1
    assert ordered("bcda", Several.EXACT) == 0


def test_only_the_right_order_earns_everything() -> None:
    full = [
        "".join(order)
        for order in permutations("abcd")
        if ordered("".join(order), Several.PROPORTIONAL) == 1
    ]
    assert full == ["abcd"]


@given(st.permutations("abc"), st.sampled_from(list(Several)))
def test_putting_one_pair_right_never_costs(rights, several) -> None:
    pairs = dict(
        zip("abc", map({"a": "1", "b": "2", "c": "3"}.get, rights), strict=True)
    )
    before = matched(pairs, several)
    assert 0 <= before <= 1
    for left, right in PAIRS:
        assert matched(pairs | {left: right}, several) >= before


# Essays, and points


def test_an_essay_waits_for_a_person_unless_it_is_empty() -> None:
    assert graded(Essay(), "A leaf is ...") == Mark(None)
    assert graded(Essay(), " \n ") == Mark(Decimal(0))


@pytest.mark.parametrize(
    ("fraction", "points", "expected"),
    [
        (Decimal(1), "2", "2"),
        (Decimal(2) / 3, "3", "2"),
        (Decimal(1) / 3, "1", "0.3333"),
        (Decimal(2) / 3, "1", "0.6667"),
        (Decimal(1) / 6, "0.03", "0.0050"),
        (Decimal("-0.5"), "0.01", "-0.0050"),
    ],
)
def test_points_are_rounded_to_four_places(fraction, points, expected) -> None:
    found = earned(Mark(fraction), Decimal(points))
    assert found == Decimal(expected)
    assert found.as_tuple().exponent == -4


def test_an_open_mark_has_no_points() -> None:
    assert earned(Mark(None), Decimal(2)) is None
