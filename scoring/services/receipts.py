"""The receipt of an attempt: what shows later that these were the answers."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any


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
