from __future__ import annotations

from examgen.jobs.wiring import Every, On
from tests.chaos.drill import tasks

WIRING = [
    On("drill.asked", tasks.work, queue="heavy"),
    On("drill.lingering", tasks.linger, queue="heavy"),
    On("drill.hanging", tasks.hang_once, queue="heavy"),
    On("drill.poisoned", tasks.kill_worker, queue="heavy"),
]
PERIODIC = [Every(1, tasks.tick, name="tests.tick")]
