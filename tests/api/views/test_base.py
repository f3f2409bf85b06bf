"""An answer that is known need not come twice."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.api.programs import Program, problem
from tests.factories import exams

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


def test_files_and_documents_that_are_known_are_not_sent_again(
    teacher: Program, educator: User
) -> None:
    exam = exams.exam(educator)
    for path in (
        f"exams/{exam.id}/document/",
        f"lectures/{exam.lecture_id}/lecture.pdf",
        f"lectures/{exam.lecture_id}/pages/1/small.webp",
    ):
        first = teacher.get(path)
        # To its end: closing it earlier would close the test's connection as well.
        assert b"".join(first)
        assert first.headers["Cache-Control"] == "private, no-cache"
        again = teacher.get(path, if_none_match=first.headers["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


def test_another_version_than_the_one_that_is_wanted_is_not_told(
    teacher: Program,
) -> None:
    first = teacher.get("me/")
    assert teacher.get("me/", if_match=first.headers["ETag"]).status_code == 200
    other = teacher.get("me/", if_match='"other"')
    assert problem(other) == (412, "other_version")
    assert "ETag" not in other.headers


def test_a_refusal_is_not_kept(teacher: Program) -> None:
    answer = teacher.get("tokens/00000000-0000-0000-0000-000000000000/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
