"""Wrong codes: a class may mistype, nobody may guess."""

from __future__ import annotations

import uuid

from django.core.cache import cache

from accounts.codes import ALPHABET, LENGTH
from accounts.services.guesses import (
    MOST_OF_ADDRESS,
    MOST_OF_PERSON,
    WINDOW_SECONDS,
    Guesser,
    count_wrong,
    too_many,
)

SCHOOL = "192.0.2.7"


def test_ten_wrong_codes_of_one_person_are_enough() -> None:
    sam = Guesser(SCHOOL, uuid.uuid4())
    for _ in range(MOST_OF_PERSON):
        assert not too_many(sam)
        count_wrong(sam)
    assert too_many(sam)
    assert too_many(Guesser("198.51.100.1", sam.person)), "wherever they go"
    assert not too_many(Guesser(SCHOOL, uuid.uuid4())), "others go on"
    assert not too_many(Guesser(SCHOOL))


def test_a_class_of_forty_mistypes_four_times_each_behind_one_address() -> None:
    pupils = [Guesser(SCHOOL, uuid.uuid4()) for _ in range(40)]
    for _ in range(4):
        for pupil in pupils:
            assert not too_many(pupil)
            count_wrong(pupil)
    assert not any(too_many(pupil) for pupil in pupils)


def test_an_address_that_tries_two_hundred_codes_tries_no_more() -> None:
    """Also with a new account for every ten, and also without one."""
    for n in range(MOST_OF_ADDRESS):
        stranger = Guesser(SCHOOL, uuid.uuid4() if n % 2 else None)
        assert not too_many(stranger)
        count_wrong(stranger)
    assert too_many(Guesser(SCHOOL))
    assert too_many(Guesser(SCHOOL, uuid.uuid4()))
    assert not too_many(Guesser("192.0.2.8"))


def test_guessing_is_hopeless() -> None:
    """At one address for a year, with ten thousand courses to hit any of."""
    a_year = 365 * 86_400 / WINDOW_SECONDS * MOST_OF_ADDRESS
    assert a_year * 10_000 / len(ALPHABET) ** LENGTH < 0.13


def test_what_is_counted_runs_out(monkeypatch) -> None:
    sam = Guesser(SCHOOL, uuid.uuid4())
    for _ in range(MOST_OF_PERSON):
        count_wrong(sam)
    assert too_many(sam)
    for key, _most in sam.counters():
        assert cache.touch(key, 0)
    assert not too_many(sam)
    count_wrong(sam)
    assert cache.get_many([key for key, _ in sam.counters()]) == {
        key: 1 for key, _ in sam.counters()
    }


def test_whatever_calls_itself_an_address_can_be_counted() -> None:
    strange = Guesser("x" * 5000 + " \x00\n é")
    count_wrong(strange)
    assert not too_many(strange)
