"""Paper and key: what students get says nothing of what is right."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.content import (
    Bloom,
    Body,
    Difficulty,
    Essay,
    Evidence,
    Finding,
    Kind,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Question,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from exams.formats.paper import Frozen, body_of, digest, freeze
from tests.samples.questions import BODIES, choice, question
from tests.samples.strategies import questions

several = st.lists(questions, min_size=1, max_size=5, unique_by=lambda q: q.id)
seeds = st.integers(0, 2**128)
COMMON = {"id", "kind", "stem", "points"}
SHOWN: dict[Kind, set[str]] = {
    Kind.SINGLE_CHOICE: {"options"},
    Kind.MULTIPLE_CHOICE: {"options"},
    Kind.TRUE_FALSE: set(),
    Kind.SHORT_ANSWER: set(),
    Kind.NUMERIC: {"unit"},
    Kind.MATCHING: {"left", "right"},
    Kind.ORDERING: {"items"},
    Kind.ESSAY: set(),
}
LISTS = ("options", "left", "right", "items")


def frozen(asked: Iterable[Question], seed: int = 1, **policy: Any) -> Frozen:
    return freeze(
        title="Rivers",
        language="en",
        questions=list(asked),
        policy=policy,
        seed=seed,
    )


def sheet(one: Question, seed: int = 1) -> dict[str, Any]:
    sheets: list[dict[str, Any]] = frozen([one], seed).paper["questions"]
    return sheets[0]


# What the paper holds, and nothing else


@settings(max_examples=200, deadline=None)
@given(several, seeds)
def test_a_sheet_holds_what_its_kind_shows_and_nothing_else(
    asked: list[Question], seed: int
) -> None:
    paper = frozen(asked, seed).paper
    assert set(paper) == {"format", "title", "language", "questions"}
    assert [sheet["id"] for sheet in paper["questions"]] == [one.id for one in asked]
    for shown in paper["questions"]:
        assert set(shown) == COMMON | SHOWN[Kind(shown["kind"])]
        for name in LISTS:
            assert all(set(item) == {"id", "text"} for item in shown.get(name, ()))


def other_key(body: Body) -> Body:
    """A body that looks the same to students and has another key."""
    match body:
        case SingleChoice(options) | MultipleChoice(options):
            flags = [option.correct for option in options]
            turned = [not flag for flag in flags]
            right = turned if any(turned) else [True, *turned[1:]]
            if isinstance(body, SingleChoice):
                right = [flags[-1], *flags[:-1]]
            return type(body)(
                tuple(
                    replace(option, id=f"x{place}", correct=flag, feedback="No.")
                    for place, (option, flag) in enumerate(
                        zip(options, right, strict=True)
                    )
                )
            )
        case TrueFalse(correct):
            return TrueFalse(not correct)
        case ShortAnswer():
            return ShortAnswer(("something else",))
        case Numeric(value, _, unit):
            return Numeric(value + 7, Decimal(3), unit)
        case Essay():
            return Essay("Another rubric.")
        case _:
            return body


@settings(max_examples=200, deadline=None)
@given(several, seeds)
def test_a_paper_stays_the_same_whatever_is_right_and_why(
    asked: list[Question], seed: int
) -> None:
    """No byte of it depends on key, feedback, explanation, evidence, topic, warnings."""
    others = [
        replace(
            one,
            body=other_key(one.body),
            difficulty=Difficulty.HARD,
            bloom=Bloom.CREATE,
            topic="Another topic",
            explanation="Another reason.",
            evidence=(Evidence(3, 1, 6, "Quote"),),
            warnings=(Finding("key_longest"),),
        )
        for one in asked
    ]
    assert frozen(others, seed).paper == frozen(asked, seed).paper


@settings(max_examples=100, deadline=None)
@given(several, seeds)
def test_lists_stand_in_the_order_of_ids_that_are_unique_in_the_exam(
    asked: list[Question], seed: int
) -> None:
    every: list[str] = []
    for shown in frozen(asked, seed).paper["questions"]:
        for name in LISTS:
            ids = [item["id"] for item in shown.get(name, ())]
            assert ids == sorted(ids)
            every += ids
    assert len(set(every)) == len(every)
    assert all(len(name) == 6 and name.isalpha() for name in every)


def test_the_words_of_key_and_reasons_are_nowhere_in_the_paper() -> None:
    marked = [
        question("single_choice", body=_told("single_choice"), id="1", **_secrets()),
        question("multiple_choice", body=_told("multiple_choice"), id="2"),
        question("short_answer", body=ShortAnswer(("SECRET accepted",)), id="3"),
        question("numeric", body=Numeric(Decimal(987123), Decimal(654321)), id="4"),
        question("essay", body=Essay("SECRET rubric"), id="5"),
    ]
    made = frozen(marked)
    for secret in ("SECRET", "987123", "654321", "correct", "feedback", "accepted"):
        assert secret not in json.dumps(made.paper)
        assert secret in json.dumps(made.key)


def _told(kind: str) -> Body:
    body: Any = BODIES[kind]
    told = [replace(option, feedback="SECRET feedback") for option in body.options]
    with_feedback: Body = replace(body, options=tuple(told))
    return with_feedback


def _secrets() -> dict[str, Any]:
    return {
        "topic": "SECRET topic",
        "explanation": "SECRET reason",
        "evidence": (Evidence(1, 0, 12, "SECRET quote"),),
    }


# Places tell nothing

DRAWS = 3000


def is_even(counts: Counter[Any], cells: int) -> bool:
    """Whether a chi-square test, at one in ten thousand, has nothing against it."""
    worst = {3: 21.1, 4: 23.5, 5: 25.7, 6: 27.9}[cells]
    expected = counts.total() / cells
    found = sum((counts[cell] - expected) ** 2 / expected for cell in range(cells))
    return found < worst


def long_seeds() -> Iterable[int]:
    draw = random.Random(7)
    return (draw.getrandbits(128) for _ in range(DRAWS))


def place_of(text: str, items: Sequence[dict[str, str]]) -> int:
    return next(place for place, item in enumerate(items) if item["text"] == text)


def test_uneven_counts_are_recognised() -> None:
    assert is_even(Counter({0: 750, 1: 760, 2: 740, 3: 750}), 4)
    assert not is_even(Counter({0: 900, 1: 700, 2: 700, 3: 700}), 4)


@pytest.mark.parametrize("key", range(4))
def test_the_right_option_is_at_every_place_equally_often(key: int) -> None:
    one = question(body=choice("Meander", "Levee", "Spring", "Weir", key=key))
    right = one.body.key.text
    places = Counter(
        place_of(right, sheet(one, seed)["options"]) for seed in long_seeds()
    )
    assert is_even(places, 4)


def test_a_pair_is_at_every_two_places_equally_often() -> None:
    pairs = (("a", "1"), ("b", "2"), ("c", "3"))
    one = question("matching", body=Matching(pairs))
    differences: Counter[int] = Counter()
    for seed in long_seeds():
        shown = sheet(one, seed)
        left, right = (place_of(text, shown[side]) for side, text in SIDES.items())
        differences[(left - right) % 3] += 1
    assert is_even(differences, 3)


SIDES = {"left": "b", "right": "2"}


def test_things_to_order_stand_in_every_order_equally_often() -> None:
    one = question("ordering", body=Ordering(("a", "b", "c")))
    orders = Counter(
        "".join(item["text"] for item in sheet(one, seed)["items"])
        for seed in long_seeds()
    )
    assert len(orders) == 6
    numbered = Counter(dict(enumerate(orders.values())))
    assert is_even(numbered, 6)


def test_the_place_in_one_question_says_nothing_about_the_next() -> None:
    asked = [
        question(id="1", body=choice("a", "b", "c", "d")),
        question(id="2", body=choice("a", "b", "c", "d")),
    ]
    differences: Counter[int] = Counter()
    for seed in long_seeds():
        first, second = frozen(asked, seed).paper["questions"]
        places = [place_of("a", shown["options"]) for shown in (first, second)]
        differences[(places[0] - places[1]) % 4] += 1
    assert is_even(differences, 4)


# The key


@settings(max_examples=150, deadline=None)
@given(several, seeds)
def test_the_key_gives_back_every_body(asked: list[Question], seed: int) -> None:
    key = frozen(asked, seed).key
    assert [body_of(key[one.id]) for one in asked] == [one.body for one in asked]


@settings(max_examples=150, deadline=None)
@given(questions, seeds)
def test_the_ids_of_the_key_stand_for_the_right_texts(one: Question, seed: int) -> None:
    made = frozen([one], seed)
    shown, key = made.paper["questions"][0], made.key[one.id]
    texts = {item["id"]: item["text"] for name in LISTS for item in shown.get(name, ())}
    match one.body:
        case SingleChoice(options) | MultipleChoice(options):
            right = [option.text for option in options if option.correct]
            assert [texts[name] for name in key["right"]] == right
            told = {option.text: option.feedback for option in options}
            for name, feedback in key["feedback"].items():
                assert told[texts[name]] == feedback
        case Matching(pairs):
            found = [(texts[a], texts[b]) for a, b in key["right"].items()]
            assert found == list(pairs)
        case Ordering(items):
            assert [texts[name] for name in key["right"]] == list(items)
        case TrueFalse(correct):
            assert key["right"] is correct
        case _:
            assert "right" not in key
    assert key["explanation"] == one.explanation
    assert [item["quote"] for item in key["evidence"]] == [
        item.quote for item in one.evidence
    ]


# Frozen


@settings(max_examples=50, deadline=None)
@given(several, seeds)
def test_the_same_seed_gives_the_same_and_json_changes_nothing(
    asked: list[Question], seed: int
) -> None:
    made = frozen(asked, seed, attempts=1)
    assert frozen(asked, seed, attempts=1) == made
    stored = json.loads(json.dumps([made.paper, made.key, {"attempts": 1}]))
    assert digest(*stored) == made.sha256
    # A database may keep the fields of an object in another order.
    turned = [dict(reversed(list(part.items()))) for part in stored]
    assert digest(*turned) == made.sha256


def test_another_seed_gives_other_ids() -> None:
    first, second = sheet(question(), 1), sheet(question(), 2)
    ids = [{item["id"] for item in shown["options"]} for shown in (first, second)]
    assert ids[0].isdisjoint(ids[1])


def test_the_hash_is_over_paper_key_and_policy() -> None:
    plain = question()
    hashes = {
        frozen([plain]).sha256,
        frozen([replace(plain, stem="Another?")]).sha256,
        frozen([replace(plain, explanation="Another.")]).sha256,
        frozen([plain], attempts=2).sha256,
        frozen([plain], seed=2).sha256,
    }
    assert len(hashes) == 5
    assert all(len(found) == 64 for found in hashes)


def test_points_are_fixed_point_texts() -> None:
    option = Option("a", "x", correct=True)
    one = question(body=MultipleChoice((option, Option("b", "y"))))
    assert sheet(replace(one, points=Decimal("1E+1")))["points"] == "10"
    assert sheet(replace(one, points=Decimal("0.25")))["points"] == "0.25"
