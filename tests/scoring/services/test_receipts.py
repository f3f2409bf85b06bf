"""The receipt stands for these answers of this attempt and for no others."""

from __future__ import annotations

import uuid

from scoring.services.receipts import receipt_of

ATTEMPT = uuid.UUID(int=7)
ANSWERS = {"b": [2, "é"], "a": [1, {"x": "y", "u": "v"}]}


def test_a_receipt_is_for_ever() -> None:
    assert receipt_of(ATTEMPT, ANSWERS) == (
        "b949f61f2ffe0592814f0e98955ea08614f17be0972f6257f5a66bf5ef94d39b"
    )


def test_the_order_in_which_a_database_returns_things_does_not_matter() -> None:
    other = {"a": [1, {"u": "v", "x": "y"}], "b": [2, "é"]}
    assert receipt_of(ATTEMPT, other) == receipt_of(ATTEMPT, ANSWERS)


def test_another_attempt_version_or_answer_has_another_receipt() -> None:
    others = [
        receipt_of(uuid.UUID(int=8), ANSWERS),
        receipt_of(ATTEMPT, ANSWERS | {"b": [3, "é"]}),
        receipt_of(ATTEMPT, ANSWERS | {"b": [2, "e"]}),
        receipt_of(ATTEMPT, {}),
    ]
    assert len({receipt_of(ATTEMPT, ANSWERS), *others}) == 5
