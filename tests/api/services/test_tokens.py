from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from accounts.models import User
from accounts.services import standing
from api import scopes, tasks
from api.models import Token
from api.services.tokens import (
    LONGEST,
    MOST,
    TokenRefusedError,
    find_token,
    make_token,
    revoke_token,
)
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from tests.api.programs import MONTH
from tests.examgen.jobs.rows import claimed, run_of
from tests.factories import people

pytestmark = pytest.mark.django_db


def made(user: User, *wanted: str, **fields):
    wish = {"name": "Sync", "lasts": MONTH, **fields}
    return make_token(user=user, scopes=wanted or ["me:read"], **wish)


def test_the_secret_is_kept_nowhere(educator: User) -> None:
    new = made(educator)
    row = Token.objects.get()
    assert new.secret.startswith("examgen_")
    assert len(new.secret) == 51
    assert row.digest == sha256(new.secret.encode()).hexdigest()
    assert row.start == new.secret[:12]
    whole = str(
        {field.attname: getattr(row, field.attname) for field in row._meta.fields}
    )
    assert new.secret not in whole


def test_scopes_are_kept_once_and_in_their_order(educator: User) -> None:
    new = made(educator, "exams:read", "me:read", "exams:read")
    assert new.token.scopes == ["me:read", "exams:read"]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"scopes": []}, "no_scope"),
        ({"scopes": ["me:read", "boards:write"]}, "unknown_scope"),
        ({"lasts": LONGEST + timedelta(seconds=1)}, "too_long"),
        ({"lasts": timedelta(0)}, "too_long"),
    ],
)
def test_what_cannot_be_is_refused(educator: User, wish, code: str) -> None:
    asked = {"name": "x", "scopes": ["me:read"], "lasts": MONTH, **wish}
    with pytest.raises(TokenRefusedError) as refused:
        make_token(user=educator, **asked)
    assert refused.value.code == code
    assert not Token.objects.exists()


def test_nobody_has_more_than_fifty_that_open_something(educator: User) -> None:
    for _ in range(MOST):
        last = made(educator)
    with pytest.raises(TokenRefusedError) as refused:
        made(educator)
    assert refused.value.code == "too_many"
    revoke_token(token=last.token, actor=educator)
    assert made(educator).token.pk


def test_a_token_makes_none_that_may_do_more(educator: User) -> None:
    mother = made(educator, "tokens:write", "exams:write").token
    made(educator, "exams:read", by=mother, lasts=MONTH / 2)
    with pytest.raises(TokenRefusedError) as refused:
        made(educator, "lectures:read", by=mother)
    assert refused.value.code == "too_wide"


def test_a_token_makes_none_that_outlives_it(educator: User) -> None:
    mother = made(educator, "tokens:write").token
    with pytest.raises(TokenRefusedError) as refused:
        made(educator, "tokens:read", by=mother, lasts=2 * MONTH)
    assert refused.value.code == "outlives"


def test_making_and_revoking_are_told_once(educator: User) -> None:
    token = made(educator).token
    revoke_token(token=token, actor=educator)
    revoke_token(token=token, actor=educator)
    told = Event.objects.filter(subject_id=token.id).order_by("created_at")
    assert [(event.name, event.actor) for event in told] == [
        ("token.made", educator.id),
        ("token.revoked", educator.id),
    ]


def test_each_secret_finds_its_own_token(educator: User, student: User) -> None:
    one, other = made(educator), made(student)
    found = find_token(secret=other.secret, at=now())
    assert found == other.token != one.token
    assert found.user == student


@pytest.mark.parametrize("scope", scopes.SCOPES)
def test_a_scope_allows_itself_and_looking(scope: str) -> None:
    noun = scope.split(":", maxsplit=1)[0]
    assert scopes.allows([scope], scope)
    assert scopes.allows([scope], f"{noun}:read")
    others = [other for other in scopes.SCOPES if not other.startswith(noun)]
    assert [other for other in others if scopes.allows([scope], other)] == []


def test_a_deactivated_person_has_no_tokens_when_let_in_again(student: User) -> None:
    old = made(student)
    admin = people.staff()
    standing.deactivate(user=student, actor=admin)
    standing.reactivate(user=student, actor=admin)
    new = made(student)
    job = Job.objects.get(consumer="api.revoke_tokens")
    tasks.revoke_tokens(run_of(claimed(job)))
    assert find_token(secret=old.secret, at=now()) is None
    assert find_token(secret=new.secret, at=now()) == new.token
