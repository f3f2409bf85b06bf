"""Who in this app listens to what. See docs/events.md."""

from __future__ import annotations

from examgen.jobs.wiring import Every, On
from scoring import tasks

WIRING = [
    On("attempt.graded", tasks.update_scoreboard, "fast", True, about="version"),
    On("attempt.voided", tasks.update_scoreboard, "fast", True, about="version"),
    On("exam.closed", tasks.update_scoreboard, "fast", coalesce=True),
]
PERIODIC = [
    Every(2, tasks.close_expired, name="scoring.close_expired"),
]
