"""Who gets in: by which token, with which scopes, or by a session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from api.models import Token
from api.services.tokens import find_token, revoke_token
from examgen.jobs.clock import now
from tests.api.programs import V1, Program, problem, token

pytestmark = pytest.mark.django_db


def test_a_token_lets_its_person_in(teacher: Program, educator: User) -> None:
    answer = teacher.get("me/")
    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(educator.id),
        "email": "mira@example.org",
        "name": "",
        "role": "educator",
        "theme": "auto",
        "time_zone": "UTC",
        "unread": 0,
    }


def test_a_visitor_is_told_how_to_get_in() -> None:
    answer = Program().get("me/")
    assert problem(answer) == (401, "login_required")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="examgen"'


@pytest.mark.parametrize("secret", ["", "examgen_x", "é", "\udcff", "a b"])
def test_what_is_no_token_opens_nothing(db: None, secret: str) -> None:
    header = f"Bearer {secret}".encode("utf-8", "surrogateescape").decode("latin-1")
    answer = Client().get(f"{V1}me/", headers={"Authorization": header})
    assert problem(answer) == (401, "bad_token")


def test_a_token_that_ran_out_opens_nothing(educator: User, teacher: Program) -> None:
    Token.objects.for_user(educator).update(expires_at=now())
    assert problem(teacher.get("me/")) == (401, "bad_token")


def test_a_revoked_token_opens_nothing(educator: User, teacher: Program) -> None:
    revoke_token(token=Token.objects.for_user(educator).get(), actor=educator)
    assert problem(teacher.get("me/")) == (401, "bad_token")


def test_a_token_of_a_closed_account_opens_nothing(
    educator: User, teacher: Program
) -> None:
    User.objects.filter(pk=educator.pk).update(is_active=False)
    assert problem(teacher.get("me/")) == (401, "bad_token")


def test_a_token_does_what_its_scopes_say_and_no_more(educator: User) -> None:
    looking = Program(educator, "tokens:read")
    assert looking.get("tokens/").status_code == 200
    refused = looking.post("tokens/", {"name": "x", "scopes": ["me:read"]})
    assert problem(refused) == (403, "scope_missing")
    assert refused.json()["scope"] == "tokens:write"
    assert problem(looking.get("me/")) == (403, "scope_missing")


def test_whoever_may_change_may_look(educator: User) -> None:
    assert Program(educator, "tokens:write").get("tokens/").status_code == 200


def test_a_session_opens_the_same_doors(educator: User) -> None:
    browser = Client()
    browser.force_login(educator)
    assert browser.get(f"{V1}me/").json()["email"] == educator.email


def test_a_session_changes_nothing_without_its_csrf_token(educator: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(educator)
    answer = browser.patch(f"{V1}me/", "{}", content_type="application/json")
    assert problem(answer) == (403, "csrf")


def test_the_time_of_use_is_written_once_an_hour(educator: User) -> None:
    secret = token(educator)
    first = now()
    assert find_token(secret=secret, at=first) is not None
    with CaptureQueriesContext(connection) as queries:
        find_token(secret=secret, at=first + timedelta(minutes=59))
    assert len(queries) == 1
    assert Token.objects.get().last_used_at == first
    later = first + timedelta(minutes=61)
    find_token(secret=secret, at=later)
    assert Token.objects.get().last_used_at == later


def test_a_request_with_a_token_costs_one_query_for_it(
    teacher: Program, django_assert_num_queries
) -> None:
    teacher.get("me/")
    with django_assert_num_queries(2):  # the token with its person, what is unread
        teacher.get("me/")
