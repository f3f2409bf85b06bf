"""Making, finding and revoking tokens."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, DateTimeField, Q, QuerySet

from accounts.models import User
from accounts.sessions import PERSON, person_of
from api.models import Token
from api.scopes import SCOPES, allows
from examgen.along import Along, Facts, with_facts
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.prepared import Given, Prepared

LONGEST = timedelta(days=366)
MOST = 50

# By this, those who look for leaked secrets know one of ours.
_PREFIX = "examgen_"
_SHOWN = len(_PREFIX) + 4
_TOUCH_AFTER = timedelta(hours=1)
_FIELDS = tuple(field.attname for field in Token._meta.concrete_fields)  # noqa: SLF001


class TokenRefusedError(Exception):
    """No such token is made; `code` says why.

    `unknown_scope`, `no_scope`, `too_long`, `too_many`, and for a token that makes
    another one `too_wide` and `outlives`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Made:
    """A new token and its secret, which nobody can tell again."""

    token: Token
    secret: str


def make_token(
    *,
    user: User,
    name: str,
    scopes: Sequence[str],
    lasts: timedelta,
    by: Token | None = None,
) -> Made:
    """Make a token; one that is made `by` another can do no more and lives no longer."""
    at = now()
    _check(user, scopes, lasts, at)
    expires_at = at + lasts
    if by is not None:
        if not all(allows(by.scopes, scope) for scope in scopes):
            raise TokenRefusedError("too_wide")
        if expires_at > by.expires_at:
            raise TokenRefusedError("outlives")
    secret = _PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            user=user,
            name=name,
            start=secret[:_SHOWN],
            digest=_digest(secret),
            scopes=[scope for scope in SCOPES if scope in scopes],
            created_at=at,
            expires_at=expires_at,
        )
        record("token.made", token, actor=user.id)
    return Made(token, secret)


def revoke_token(*, token: Token, actor: User) -> bool:
    """Let a token open nothing any more; False when it was revoked already."""
    at = now()
    with transaction.atomic():
        if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            return False
        record("token.revoked", token, actor=actor.id)
    token.revoked_at = at
    return True


def revoke_made_before(
    *, user_id: uuid.UUID, at: datetime, actor_id: uuid.UUID | None
) -> int:
    """Revoke all tokens of a person that were made until then; returns how many."""
    revoked = 0
    old = Token.objects.filter(user=user_id, revoked_at=None, created_at__lte=at)
    revoked_at = now()
    with transaction.atomic():
        for token in old:
            one = Token.objects.filter(pk=token.pk, revoked_at=None)
            if one.update(revoked_at=revoked_at):
                record("token.revoked", token, actor=actor_id)
                revoked += 1
    return revoked


def revoke_all(*, user: User) -> int:
    """Revoke all that somebody has, by themselves; returns how many those were."""
    return revoke_made_before(user_id=user.id, at=now(), actor_id=user.id)


def find_token(
    *, secret: str, at: datetime, along: Along | None = None
) -> Token | None:
    """The token behind a secret with its person; None for one that opens nothing.

    What the view asks along for the person comes in the same query.
    """
    given = {"digest": _digest(secret), "at": at, **(along.given if along else {})}
    rows = _usable(along and along.facts).ask(given)
    if not rows:
        return None
    token = Token.from_db(connection.alias, _FIELDS, rows[0][: len(_FIELDS)])
    person, told = person_of(rows[0][len(_FIELDS) :])
    assert person is not None
    token.user = person
    if along:
        along.tell(person.pk, told)
    # Not at every request: looking must not become writing.
    due = Q(last_used_at=None) | Q(last_used_at__lt=at - _TOUCH_AFTER)
    if token.last_used_at is None or token.last_used_at < at - _TOUCH_AFTER:
        Token.objects.filter(due, pk=token.pk).update(last_used_at=at)
    return token


@cache
def _usable(facts: Facts | None) -> Prepared:
    def rows() -> QuerySet[Any, Any]:
        usable = Token.objects.usable(Given("at", DateTimeField()))
        tokens = usable.filter(digest=Given("digest", CharField())).order_by()
        along = Along(facts, {}) if facts else None
        return with_facts(tokens, along, *_FIELDS, *PERSON)

    return Prepared(rows)


def _check(user: User, scopes: Sequence[str], lasts: timedelta, at: datetime) -> None:
    if not scopes:
        raise TokenRefusedError("no_scope")
    if not set(scopes) <= set(SCOPES):
        raise TokenRefusedError("unknown_scope")
    if not timedelta(0) < lasts <= LONGEST:
        raise TokenRefusedError("too_long")
    if Token.objects.for_user(user).usable(at).count() >= MOST:
        raise TokenRefusedError("too_many")


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
