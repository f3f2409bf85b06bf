"""What workers do about attempts, grades and boards. Each calls one service."""

from __future__ import annotations

from examgen.jobs.runner import Run
from scoring.services import closing, scoreboard


def update_scoreboard(run: Run) -> None:
    with run.finish():
        scoreboard.rebuild(version_id=run.subject)


def close_expired() -> None:
    closing.close_expired()
