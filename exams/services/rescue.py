"""When a job has ended without success, its lecture, exam or request must say so."""

from __future__ import annotations

from examgen.jobs.by_hand import CANCELLED
from examgen.jobs.runner import Run
from exams.models import Exam, Lecture, QuestionRequest
from exams.services import lifecycle, requests
from exams.services.generation import fail_exam
from exams.services.readings import fail_lecture
from exams.states import ExamState, LectureState, RequestState


def give_up(*, run: Run) -> None:
    """Fail what the dead or cancelled job was working on; the owner may retry.

    Other consumers of the same lecture or exam may die without harm to it.
    """
    stopped = run.event.name == CANCELLED
    code = "stopped" if stopped else "internal"
    with run.finish():
        match run.event.data["consumer"]:
            case "exams.read_lecture":
                stored = Lecture.objects.filter(state=LectureState.STORED)
                if lecture := stored.filter(id=run.subject).first():
                    fail_lecture(lecture, code)
            case "exams.recognise_pages":
                stored = Lecture.objects.filter(state=LectureState.STORED)
                if lecture := stored.filter(id=run.subject).first():
                    fail_lecture(lecture, code if stopped else "recognition_broke_off")
            case "exams.generate_exam":
                drafting = Exam.objects.filter(state=ExamState.GENERATING)
                if exam := drafting.filter(id=run.subject).first():
                    fail_exam(exam, code)
            case requests.CONSUMER:
                wanted = QuestionRequest.objects.open()
                if request := wanted.filter(id=run.subject).first():
                    lifecycle.move_request(
                        request, RequestState.FAILED, error_code=code
                    )
