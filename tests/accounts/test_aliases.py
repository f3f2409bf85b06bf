"""Names for boards."""

from __future__ import annotations

import re

from accounts.aliases import new_alias
from accounts.models import Enrolment

LONGEST: int = Enrolment._meta.get_field("alias").max_length or 0


def test_aliases_are_many_kind_and_short_enough() -> None:
    plain = {new_alias() for _ in range(300)}
    assert len(plain) > 200
    assert all(re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", alias) for alias in plain)
    assert max(map(len, plain)) <= LONGEST


def test_numbered_aliases_do_not_run_out_in_a_large_course() -> None:
    numbered = {new_alias(numbered=True) for _ in range(300)}
    assert len(numbered) > 295
    assert all(re.fullmatch(r"\w+ \w+ [2-9]\d?|\w+ \w+ \d\d", a) for a in numbered)
    assert max(map(len, numbered)) <= LONGEST
