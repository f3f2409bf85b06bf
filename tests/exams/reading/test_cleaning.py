from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.reading.cleaning import clean


@pytest.mark.parametrize(
    ("before", "after", "removed"),
    [
        ("plain", "plain", 0),
        ("cafe\u0301", "caf\u00e9", 0),
        ("a\x00b\x1fc", "abc", 0),
        ("\uf0b7", "\u2022", 0),
        ("zero\u200bwidth\ufeff", "zerowidth", 2),
        ("\u202eevil\u202c", "evil", 2),
        ("hi\U000e0068\U000e0069", "hi", 2),
        ("soft\u00adhyphen", "softhyphen", 1),
        # Persian spells with a joiner; English does not.
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",) * 2 + (0,),
        ("in\u200cvisible", "invisible", 1),
        ("\ud835\udc00", "\U0001d400", 0),
        ("lone\ud835", "lone", 0),
        ("\u2460", "\u2460", 0),
    ],
)
def test_what_stays_and_what_goes(before, after, removed):
    assert clean(before) == (after, removed)


@given(st.text(alphabet=st.characters()))
def test_clean_text_can_be_stored_and_stays_as_it_is(text):
    cleaned, _ = clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == (cleaned, 0)
