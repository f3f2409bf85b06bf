from __future__ import annotations

from base64 import b64encode

import pytest

from accounts.models import User
from api.models import Token
from tests.api.programs import Program, problem, wrong_fields

pytestmark = pytest.mark.django_db


def test_preferences_change_as_far_as_they_are_given(
    teacher: Program, educator: User
) -> None:
    answer = teacher.patch("me/", {"theme": "dark", "time_zone": "Europe/Vienna"})
    assert answer.status_code == 200
    educator.refresh_from_db()
    assert (educator.name, educator.theme, educator.time_zone) == (
        "",
        "dark",
        "Europe/Vienna",
    )
    assert answer.json()["time_zone"] == "Europe/Vienna"


def test_a_time_zone_that_is_none_is_refused_as_on_the_page(teacher: Program) -> None:
    answer = teacher.patch("me/", {"time_zone": "Moon/Crater"})
    assert wrong_fields(answer) == [("time_zone", "invalid_choice")]


def test_nobody_gives_themselves_a_role(taker: Program, student: User) -> None:
    taker.patch("me/", {"role": "educator", "is_staff": True, "email": "x@y.org"})
    student.refresh_from_db()
    assert (student.role, student.is_staff) == ("student", False)
    assert student.email == "sam@example.org"


def test_a_token_is_told_once(teacher: Program, educator: User) -> None:
    wish = {"name": "Sync", "scopes": ["exams:read"], "days": 7}
    answer = teacher.post("tokens/", wish)
    assert answer.status_code == 201
    secret = answer.json()["token"]
    newest = Token.objects.for_user(educator)[0]
    assert answer.json() == {
        "id": str(newest.id),
        "name": "Sync",
        "start": secret[:12],
        "scopes": ["exams:read"],
        "created_at": newest.created_at.isoformat().replace("+00:00", "Z"),
        "expires_at": newest.expires_at.isoformat().replace("+00:00", "Z"),
        "last_used_at": None,
        "revoked_at": None,
        "token": secret,
    }
    listed = teacher.get("tokens/")
    assert [row["name"] for row in listed.json()["results"]] == ["Sync", "Test"]
    assert secret.encode() not in listed.content
    assert newest.digest.encode() not in listed.content


def test_a_token_revokes_itself(teacher: Program, educator: User) -> None:
    own = Token.objects.for_user(educator).get()
    assert teacher.delete(f"tokens/{own.id}/").status_code == 204
    assert problem(teacher.get("me/")) == (401, "bad_token")


def test_tokens_of_others_do_not_exist(teacher: Program, student: User) -> None:
    Program(student)
    theirs = Token.objects.for_user(student).get()
    assert problem(teacher.get(f"tokens/{theirs.id}/")) == (404, "not_found")
    assert problem(teacher.delete(f"tokens/{theirs.id}/")) == (404, "not_found")
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, [("name", "required"), ("scopes", "required")]),
        ({"name": "", "scopes": ["me:read"]}, [("name", "blank")]),
        ({"name": "x", "scopes": ["all"]}, [("scopes.0", "invalid_choice")]),
        ({"name": "x", "scopes": ["me:read"], "days": 367}, [("days", "max_value")]),
        (
            {"name": "x\0", "scopes": ["me:read"]},
            [("name", "null_characters_not_allowed")],
        ),
        ([], [("", "invalid")]),
    ],
)
def test_a_wish_that_is_none_is_told_field_by_field(
    teacher: Program, body, wrong
) -> None:
    assert wrong_fields(teacher.post("tokens/", body)) == wrong


def test_a_token_makes_no_wider_one(educator: User) -> None:
    narrow = Program(educator, "tokens:write")
    answer = narrow.post("tokens/", {"name": "x", "scopes": ["exams:read"], "days": 1})
    assert problem(answer) == (422, "too_wide")


def test_lists_come_page_by_page_in_as_many_queries(
    teacher: Program, educator: User, django_assert_num_queries
) -> None:
    for _ in range(4):
        Program(educator)
    teacher.get("me/")
    with django_assert_num_queries(2):  # the token that asks, the page
        first = teacher.get("tokens/", {"limit": 2}).json()
    assert len(first["results"]) == 2
    assert first["previous"] is None
    seen = [row["id"] for row in first["results"]]
    following = first["next"]
    while following:
        page = teacher.get(following.partition("/api/v1/")[2]).json()
        seen += [row["id"] for row in page["results"]]
        following = page["next"]
    assert seen == [str(row.id) for row in Token.objects.for_user(educator)]


@pytest.mark.parametrize(
    "limit", ["0", "201", "-1", "x", "1.0", " 1", "٣", "9" * 30, ""]
)
def test_a_limit_that_is_none_is_refused(teacher: Program, limit: str) -> None:
    answer = teacher.get("tokens/", {"limit": limit})
    assert wrong_fields(answer) == [("limit", "invalid")]


@pytest.mark.parametrize("place", [b"o=x", b"p=yesterday", b"\xff"])
def test_a_cursor_that_is_none_is_refused(teacher: Program, place: bytes) -> None:
    answer = teacher.get("tokens/", {"cursor": b64encode(place).decode()})
    assert wrong_fields(answer) == [("cursor", "invalid")]
