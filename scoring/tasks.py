"""What workers do about attempts, grades and boards. Each loads and calls one service."""

from __future__ import annotations

from scoring.services import closing


def close_expired() -> None:
    closing.close_expired()
