"""What becomes of answers that come in: versions decide, whatever the order."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.protocol import Item
from scoring.saving import Answered, Outcome, Stored, merge
from tests.samples.papers import frozen
from tests.samples.questions import BODIES, question

SHEETS = {
    sheet["id"]: sheet
    for sheet in frozen(
        [
            question("short_answer", id="a", body=BODIES["short_answer"]),
            question("true_false", id="b", body=BODIES["true_false"]),
        ]
    ).paper["questions"]
}
THREE = {"a": Stored(3, "now")}


def outcomes(stored, *items: Item) -> list[str]:
    return [reply.outcome.value for reply in merge(SHEETS, stored, items).replies]


def test_a_first_answer_is_stored_and_logged() -> None:
    item = Item("a", 1, "bend")
    result = merge(SHEETS, {}, [item])
    assert result.replies == [Answered("a", Outcome.SAVED, 1, "bend")]
    assert result.changed == {"a": Stored(1, "bend")}
    assert result.accepted == [item]


@pytest.mark.parametrize(
    ("version", "value", "outcome"),
    [
        (4, "new", "saved"),
        (9, "new", "saved"),
        (4, "now", "saved"),
        (4, None, "saved"),
        (3, "now", "replay"),
        (3, "other", "stale"),
        (2, "now", "stale"),
        (0, None, "stale"),
    ],
)
def test_the_version_decides(version, value, outcome) -> None:
    result = merge(SHEETS, THREE, [Item("a", version, value)])
    saved = outcome == "saved"
    now = (version, value) if saved else (3, "now")
    assert result.replies == [Answered("a", Outcome(outcome), *now)]
    assert result.changed == ({"a": Stored(*now)} if saved else {})
    assert len(result.accepted) == saved


def test_a_question_that_was_only_seen_is_stored_without_an_answer() -> None:
    result = merge(SHEETS, {}, [Item("b", 0, None)])
    assert result.replies == [Answered("b", Outcome.REPLAY)]
    assert result.changed == {"b": Stored()}
    assert result.accepted == []
    # Version 0 is before every answer, so it cannot bring one.
    assert outcomes({}, Item("b", 0, value=True)) == ["stale"]


def test_a_flag_is_set_whatever_becomes_of_the_answer() -> None:
    for version, value in [(4, "new"), (3, "now"), (1, "old")]:
        result = merge(SHEETS, THREE, [Item("a", version, value, flagged=True)])
        assert result.changed["a"].flagged
    lowered = merge(
        SHEETS, {"a": Stored(3, "now", flagged=True)}, [Item("a", 4, "new")]
    )
    assert lowered.changed == {"a": Stored(4, "new", flagged=True)}
    same = merge(
        SHEETS,
        {"a": Stored(3, "now", flagged=True)},
        [Item("a", 3, "now", flagged=True)],
    )
    assert same.changed == {}


INVALID = [
    (Item("nowhere", 1, "x"), "unknown_question"),
    (Item("a", None, "x"), "bad_version"),
    (Item("a", 10_004, "x"), "bad_version"),
    (Item("a", 4, 7), "wrong_shape"),
    (Item("b", 4, "true"), "wrong_shape"),
]


@pytest.mark.parametrize(("item", "reason"), INVALID)
def test_an_invalid_item_is_refused_alone(item: Item, reason: str) -> None:
    result = merge(SHEETS, THREE, [item, Item("a", 4, "new")])
    first, second = result.replies
    assert (first.outcome, first.reason) == (Outcome.INVALID, reason)
    assert second == Answered("a", Outcome.SAVED, 4, "new")
    assert result.changed == {"a": Stored(4, "new")}


def test_several_items_of_one_question_are_taken_in_turn() -> None:
    items = [Item("a", 4, "one"), Item("a", 5, "two"), Item("a", 4, "one")]
    result = merge(SHEETS, THREE, items)
    assert [reply.outcome for reply in result.replies] == ["saved", "saved", "stale"]
    assert result.changed == {"a": Stored(5, "two")}
    assert result.accepted == items[:2]


def test_whatever_the_order_the_newest_answer_stays() -> None:
    items = [Item("a", 4, "four"), Item("a", 5, "five"), Item("a", 6, "six")]
    for order in permutations([*items, items[0]]):
        assert merge(SHEETS, THREE, order).changed == {"a": Stored(6, "six")}


words = st.none() | st.sampled_from(["x", "y", "z"])
entries = st.builds(Item, st.just("a"), st.integers(0, 6), words)


@given(st.lists(entries, max_size=8), st.lists(st.integers(0, 8), max_size=3))
def test_it_does_not_matter_how_items_are_parted_into_messages(items, cuts) -> None:
    whole = merge(SHEETS, {}, items)
    stored: dict[str, Stored] = {}
    replies = []
    edges = [0, *sorted(cuts), len(items)]
    for start, end in pairwise(edges):
        part = merge(SHEETS, stored, items[start:end])
        stored |= part.changed
        replies += part.replies
    assert stored == whole.changed
    assert replies == whole.replies


@given(st.lists(entries, max_size=8))
def test_what_is_acknowledged_is_never_newer_than_what_is_stored(items) -> None:
    result = merge(SHEETS, {}, items)
    saved = [r.version for r in result.replies if r.outcome is Outcome.SAVED]
    assert max(saved, default=0) == result.changed.get("a", Stored()).version
    assert saved == sorted(set(saved))
