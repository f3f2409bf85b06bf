"""Several who have seen the same version and change it at once."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import User
from tests.api.programs import Program
from tests.factories import courses
from tests.threads import together


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_have_seen_the_same_one_gets_through(
    teacher: Program, educator: User
) -> None:
    base = f"courses/{courses.course(educator).id}/"
    teacher.get(base)
    for turn in range(3):
        seen = teacher.get(base).headers["ETag"]
        names = [f"By {who} {turn}" for who in ("one", "two", "three")]
        edits = [
            partial(Program.patch, teacher, base, {"name": name}, if_match=seen)
            for name in names
        ]
        answers = together(edits)
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        (done,) = (one.json() for one in answers if one.status_code == 200)
        assert teacher.get(base).json() == done
        for late in (one.json() for one in answers if one.status_code == 409):
            assert late["code"] == "changed_meanwhile"
            assert late["theirs"]["name"] == done["name"]
            assert late["yours"]["name"] in names
