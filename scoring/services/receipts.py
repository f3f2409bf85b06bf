"""The receipt of an attempt: what shows later that these were the answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import User
from scoring.models import Attempt

_SALT = "scoring.receipt"
_CODE = re.compile(r"[0-9a-f]{64}")
# What somebody pastes; a receipt and its seal are 128 characters.
_LONGEST = 2000


def receipt_of(attempt: uuid.UUID, snapshot: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the attempt's id and its answers.

    With the id, since two students may well give the same answers.
    """
    text = json.dumps(
        [str(attempt), snapshot],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(attempt: Attempt) -> str:
    """HMAC-SHA256, in hexadecimal, over attempt, time of the close and receipt.

    Only this site can make it: it shows that a receipt was given out here, and when,
    whatever became of the rows since.
    """
    return _seal(attempt, settings.SECRET_KEY)


def find_sealed(educator: User, text: str) -> Attempt | None:
    """The attempt at an exam of `educator` whose receipt and seal both stand in `text`.

    A seal under a secret key that was replaced is taken as long as the key is named in
    SECRET_KEY_FALLBACKS.
    """
    codes = set(_CODE.findall(text[:_LONGEST].lower()))
    attempts = Attempt.objects.held_by(educator).select_related("user", "version__exam")
    for attempt in attempts.defer("version__key").filter(receipt__in=codes):
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        seals = [_seal(attempt, key) for key in keys]
        if any(hmac.compare_digest(code, seal) for code in codes for seal in seals):
            return attempt
    return None


def _seal(attempt: Attempt, key: str | bytes) -> str:
    assert attempt.closed_at is not None
    text = f"{attempt.id} {attempt.closed_at.astimezone(UTC).isoformat()} {attempt.receipt}"
    return salted_hmac(_SALT, text, secret=key, algorithm="sha256").hexdigest()
