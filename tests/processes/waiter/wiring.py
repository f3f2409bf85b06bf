from __future__ import annotations

from examgen.jobs.wiring import On
from tests.processes.waiter import tasks

WIRING = [On("waiter.called", tasks.wait, queue="heavy")]
