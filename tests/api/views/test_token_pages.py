"""The page of one's own tokens: made, shown once, revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from api.models import Token
from api.services.tokens import MOST, make_token
from examgen.jobs.clock import now
from examgen.jobs.models import Event
from tests.api.programs import V1

pytestmark = pytest.mark.django_db
PAGE = "/settings/tokens/"
WISH = {"name": "Nightly sync", "scopes": ["exams:read", "lectures:write"], "days": "7"}
SECRET = re.compile(r"examgen_[\w-]{43}")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(plain.split())


def test_a_token_is_made_and_shown_once(educator: User) -> None:
    client = browser(educator)
    assert "No tokens yet" in words(client.get(PAGE))
    answer = client.post(PAGE, WISH)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    (secret,) = SECRET.findall(answer.content.decode())
    token = Token.objects.get()
    assert (token.name, token.scopes) == (
        "Nightly sync",
        ["lectures:write", "exams:read"],
    )
    assert token.expires_at - token.created_at == timedelta(days=7)
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get(f"{V1}lectures/", headers=headers).status_code == 200
    again = client.get(PAGE)
    assert secret not in again.content.decode()
    assert token.digest not in again.content.decode()
    listed = words(again)
    assert f"Nightly sync {token.start}… last used" in listed
    assert "lectures:write exams:read Revoke" in listed


def test_revoking_asks_first_and_shuts_the_door(educator: User) -> None:
    made = make_token(
        user=educator, name="Old", scopes=["me:read"], lasts=timedelta(days=1)
    )
    client = browser(educator)
    revoke = f"{PAGE}{made.token.id}/revoke/"
    assert "Revoke the token “Old”?" in words(client.get(revoke))
    headers = {"Authorization": f"Bearer {made.secret}"}
    assert Client().get(f"{V1}me/", headers=headers).status_code == 200
    for _ in range(2):
        answer = client.post(revoke, follow=True)
        assert answer.redirect_chain == [(PAGE, 302)]
    assert "The token “Old” is revoked." in words(answer)
    assert Client().get(f"{V1}me/", headers=headers).status_code == 401
    assert "Revoked" in words(client.get(PAGE))
    assert revoke not in client.get(PAGE).content.decode()


def test_all_are_revoked_at_once_on_the_page_and_by_a_program(
    educator: User, student: User
) -> None:
    wish = {"scopes": ["tokens:write", "me:read"], "lasts": timedelta(days=1)}
    mine = [make_token(user=educator, name="x", **wish) for _ in range(2)]
    theirs = make_token(user=student, name="y", **wish)
    client = browser(educator)
    assert f'href="{PAGE}revoke/"' in client.get(PAGE).content.decode()
    assert "2 tokens open something now." in words(client.get(f"{PAGE}revoke/"))
    for said in ("2 tokens are revoked.", "0 tokens are revoked."):
        assert said in words(client.post(f"{PAGE}revoke/", follow=True))
    usable = Token.objects.usable(now())
    assert list(usable) == [theirs.token]
    again = make_token(user=educator, name="z", **wish)
    headers = {"Authorization": f"Bearer {again.secret}"}
    assert Client().delete(f"{V1}tokens/", headers=headers).status_code == 204
    assert Client().get(f"{V1}me/", headers=headers).status_code == 401
    assert list(usable.all()) == [theirs.token]
    revoked = Event.objects.filter(name="token.revoked")
    assert set(revoked.values_list("subject_id", flat=True)) == {
        *(one.token.pk for one in mine),
        again.token.pk,
    }


def test_one_that_ran_out_says_so(educator: User) -> None:
    make_token(user=educator, name="Old", scopes=["me:read"], lasts=timedelta(days=1))
    before = Token.objects.get().created_at - timedelta(days=1)
    Token.objects.update(created_at=before - timedelta(days=1), expires_at=before)
    listed = words(browser(educator).get(PAGE))
    assert "never used" in listed
    assert "ran out" in listed
    assert "Expired" in listed


def test_tokens_of_others_are_not_there(educator: User, student: User) -> None:
    theirs = make_token(
        user=student, name="Sam's", scopes=["me:read"], lasts=timedelta(days=1)
    ).token
    client = browser(educator)
    assert "Sam" not in words(client.get(PAGE))
    assert client.post(f"{PAGE}{theirs.id}/revoke/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"scopes": []}, "Choose at least one."),
        ({"scopes": ["all"]}, "all is not one of the available choices"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "367"}, "less than or equal to 366"),
        ({"name": "x" * 101}, "at most 100 characters"),
    ],
)
def test_a_wish_that_is_none_is_refused(educator: User, wrong, said: str) -> None:
    answer = browser(educator).post(PAGE, {**WISH, **wrong})
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Token.objects.exists()


def test_there_is_a_most(educator: User) -> None:
    for _ in range(MOST):
        make_token(user=educator, name="x", scopes=["me:read"], lasts=timedelta(days=1))
    answer = browser(educator).post(PAGE, WISH)
    assert answer.status_code == 422
    assert "You have 50 tokens. Revoke one first." in words(answer)
    assert "Page 1 of 3" in words(answer)
    assert Token.objects.count() == MOST


def test_students_are_offered_what_opens_something_to_them(student: User) -> None:
    offered = browser(student).get(PAGE).content.decode()
    scopes = set(re.findall(r'name="scopes"\s+value="([\w:]+)"', offered))
    assert {"me:read", "attempts:write", "courses:read"} <= scopes
    assert not {scope for scope in scopes if scope.startswith(("exams", "lectures"))}


def test_a_page_costs_as_many_queries_for_many_as_for_few(
    educator: User, django_assert_num_queries
) -> None:
    client = browser(educator)
    client.get(PAGE)
    for number in (1, 5):
        for _ in range(number):
            make_token(
                user=educator, name="x", scopes=["me:read"], lasts=timedelta(days=1)
            )
        # The session with its person, the bell, how many, the page.
        with django_assert_num_queries(4):
            client.get(PAGE)
