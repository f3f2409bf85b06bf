from __future__ import annotations

import pytest

from exams.reading.hyphens import is_broken, keeps_hyphen, vocabulary_of

VOCABULARY = vocabulary_of(
    ["photosynthesis", "well-known,", "state", "known", "evident", "broken\u00ad"]
)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("photosyn\u00ad", "thesis", False),
        ("exam-", "ple.", False),
        ("well-", "known", True),
        ("self\u00ad", "evident", True),
        ("Rhine-", "Main", True),
        ("un\u00ad", "heard", False),
    ],
)
def test_the_hyphen_goes_unless_it_belongs_to_the_word(first, second, kept):
    assert is_broken(first, second)
    assert keeps_hyphen(first, second, VOCABULARY) is kept


@pytest.mark.parametrize(
    ("first", "second"), [("1914-", "1918"), ("a -", "b"), ("word", "word")]
)
def test_only_letters_on_both_sides_make_a_broken_word(first, second):
    assert not is_broken(first, second)


def test_halves_of_broken_words_are_no_words():
    assert "broken" not in VOCABULARY
