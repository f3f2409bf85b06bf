"""Codes that people read aloud, type, and mistype."""

from __future__ import annotations

import pytest

from accounts.codes import ALPHABET, new_code, normalised, spoken


def test_a_code_has_eight_signs_that_nobody_takes_for_others() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {8}
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL")


def test_a_code_is_shown_in_two_halves() -> None:
    assert spoken("K7PM4XWD") == "K7PM-4XWD"


@pytest.mark.parametrize(
    "typed",
    ["K7PM4XWD", "K7PM-4XWD", "k7pm-4xwd", " k7 pm 4x wd ", "K7PM\t4XWD\n"],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert normalised(typed) == "K7PM4XWD"
