"""Who in this app listens to what. See docs/events.md."""

from __future__ import annotations

from examgen.jobs.wiring import Every, On
from notifications import tasks

WIRING = [
    On("user.signed_up", tasks.welcome, queue="fast"),
    On("user.became_educator", tasks.tell_person, queue="fast"),
    On("user.educator_declined", tasks.tell_person, queue="fast"),
    On("user.second_factors_removed", tasks.tell_person, queue="fast"),
    On("course.invited", tasks.invite, queue="fast"),
    On("educator.invited", tasks.invite, queue="fast"),
    On("exam.ready", tasks.tell_owner, queue="fast"),
    On("exam.failed", tasks.tell_owner, queue="fast"),
    On("lecture.failed", tasks.tell_owner, queue="fast"),
    On("job.dead", tasks.tell_owner, queue="fast"),
    On("exam.published", tasks.tell_students, queue="fast"),
    On("attempt.closed", tasks.send_receipt, queue="fast"),
    On("attempt.graded", tasks.tell_result, queue="fast"),
    On("exam.published", tasks.tell_results, queue="fast"),
    On("exam.closed", tasks.tell_results, queue="fast"),
    On("exam.released", tasks.tell_results, queue="fast"),
    On("scoreboard.updated", tasks.tell_board, queue="fast"),
    On("exam.closed", tasks.tell_board, queue="fast"),
    # Each mail is a child of the jobs above; by itself only when a person asks.
    On("delivery.requested", tasks.deliver, queue="fast"),
    On("job.dead", tasks.give_up, queue="fast"),
    On("job.cancelled", tasks.give_up, queue="fast"),
]
PERIODIC: list[Every] = []
