"""Whole lectures against their text as a person reads it."""

from __future__ import annotations

import pytest

from exams.reading import Limits
from tests.samples import readings, scores

# They are short, and each is read for its text alone.
LIMITS = Limits(min_words=1)


@pytest.mark.parametrize("name", readings.READINGS)
def test_a_lecture_reads_as_a_person_reads_it(read, name):
    document = read(readings.built(name), limits=LIMITS)
    found = scores.words(scores.content(document))
    true = scores.words(readings.expected(name))
    assert scores.overlap(found, true) >= 0.96
    assert scores.in_order(found, true) >= 0.96
    assert document.language == readings.LANGUAGES[name]
