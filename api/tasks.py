"""What workers do about tokens and kept answers. Each calls one service."""

from __future__ import annotations

from api.services import once, tokens
from examgen.jobs.runner import Run


def revoke_tokens(run: Run) -> None:
    event = run.event
    with run.finish():
        tokens.revoke_made_before(
            user_id=run.subject, at=event.created_at, actor_id=event.actor
        )


def forget_answers() -> None:
    once.forget_old()
