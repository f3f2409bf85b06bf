"""An answer that is known need not come twice."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


def test_what_has_not_changed_is_not_sent_again(teacher: Program) -> None:
    first = teacher.get("me/")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = teacher.get("me/", if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_what_has_changed_is_sent(teacher: Program, educator: User) -> None:
    known = teacher.get("me/").headers["ETag"]
    User.objects.filter(pk=educator.pk).update(name="Mira")
    again = teacher.get("me/", if_none_match=known)
    assert again.status_code == 200
    assert again.json()["name"] == "Mira"
    assert again.headers["ETag"] != known


def test_a_refusal_is_not_kept(teacher: Program) -> None:
    answer = teacher.get("tokens/00000000-0000-0000-0000-000000000000/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
