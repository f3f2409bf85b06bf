"""When a job is dead, its lecture or exam must say so instead of waiting for ever."""

from __future__ import annotations

from examgen.jobs.runner import Run
from exams.models import Exam, Lecture
from exams.services.generation import fail_exam
from exams.services.readings import fail_lecture
from exams.states import ExamState, LectureState


def give_up(*, run: Run) -> None:
    """Fail what the dead job was working on; the owner may retry."""
    with run.finish():
        lecture = Lecture.objects.filter(
            id=run.subject, state=LectureState.STORED
        ).first()
        if lecture:
            fail_lecture(lecture, "internal")
        exam = Exam.objects.filter(id=run.subject, state=ExamState.GENERATING).first()
        if exam:
            fail_exam(exam, "internal")
