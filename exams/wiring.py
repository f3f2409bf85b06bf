"""What this app does when something happened, and what it does by the clock."""

from __future__ import annotations

from django.conf import settings

from examgen.jobs.wiring import Every, On
from exams import tasks

WIRING = [
    On("lecture.uploaded", tasks.read_lecture, queue="heavy"),
    On("lecture.scanned", tasks.recognise_pages, queue="heavy"),
    On("exam.requested", tasks.generate_exam, queue="heavy"),
    On("questions.requested", tasks.draft_questions, queue="heavy"),
    On("page.wanted", tasks.draw_page, queue="heavy"),
    On("lecture.deleted", tasks.erase_files, queue="fast"),
    On("exam.deleted", tasks.erase_files, queue="fast"),
    On("job.dead", tasks.give_up, queue="fast"),
    On("job.cancelled", tasks.give_up, queue="fast"),
]

PERIODIC = [
    Every(10, tasks.close_ended_exams, name="exams.close_ended_exams"),
    Every(3600, tasks.forget_abandoned_uploads, name="exams.forget_abandoned_uploads"),
    Every(settings.ORPHAN_SECONDS, tasks.collect_orphans, name="exams.collect_orphans"),
]
