"""Who in this app listens to what. See docs/events.md."""

from __future__ import annotations

from api import tasks
from examgen.jobs.wiring import Every, On

WIRING = [On("user.deactivated", tasks.revoke_tokens, queue="fast")]
PERIODIC = [Every(3600, tasks.forget_answers, name="api.forget_answers")]
