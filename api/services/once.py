"""Requests that are done once: the second gets the first one's answer.

The key is the person's own. Only what went well is kept: whoever was refused may mend
the request and send it again under the same key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from api.models import OnceRequest
from api.querysets import OwnRequestQuerySet
from examgen.jobs.clock import now

KEPT_FOR = timedelta(days=1)
# A process that died over it left it so; uploads end long before.
GIVEN_UP_AFTER = timedelta(minutes=10)


class InProgressError(Exception):
    """The same request is being done at this moment."""


class KeyReusedError(Exception):
    """Another request came under this key."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to the first request."""

    status: int
    body: Any


def begin(*, user: User, key: str, fingerprint: str) -> OnceRequest | Answer:
    """Take the key for a request, or return what was answered under it before."""
    at = now()
    own = OnceRequest.objects.for_user(user)
    own.filter(begun_at__lt=at - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return OnceRequest.objects.create(
                user=user, key=key, fingerprint=fingerprint, begun_at=at
            )
    except IntegrityError:
        row = own.filter(key=key).first()
    if row is None:  # refused and forgotten in this very moment
        raise InProgressError
    if row.fingerprint != fingerprint:
        raise KeyReusedError
    if row.status is not None:
        return Answer(row.status, row.body)
    left = own.filter(pk=row.pk, status=None, begun_at=row.begun_at)
    if row.begun_at > at - GIVEN_UP_AFTER or not left.update(begun_at=at):
        raise InProgressError
    row.begun_at = at
    taken: OnceRequest = row
    return taken


def keep(*, request: OnceRequest, status: int, body: Any) -> bool:
    """Remember what was answered; False when another took the request over."""
    return bool(_still(request).update(status=status, body=body))


def forget(*, request: OnceRequest) -> None:
    """Let the key be used again: nothing was done. What another took over stays."""
    _still(request).delete()


def forget_old() -> int:
    """Delete what was kept for a day; returns how much."""
    old = OnceRequest.objects.filter(begun_at__lt=now() - KEPT_FOR)
    deleted: int = old.delete()[0]
    return deleted


def _still(request: OnceRequest) -> OwnRequestQuerySet:
    """The row, as long as it is being done by whoever began it then."""
    return OnceRequest.objects.filter(
        pk=request.pk, begun_at=request.begun_at, status=None
    )
