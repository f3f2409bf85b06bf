"""Where a lecture stands on its way to an exam, told from persisted state alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from exams.models import Exam, Lecture
from exams.states import ExamState, LectureState

STAGES = ("stored", "read", "drafted", "checked", "ready")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stop of the way; `mark` is done, now, failed or to_come."""

    name: str
    mark: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The way of one lecture to its newest exam.

    `done` of `total` counts what the running job calls its stage (`read`, `recognised`,
    `pictures`, `drafted`, `checked`), named in `counting`; both are 0 while there is nothing to
    count. `tries` counts failed attempts of the running job.
    """

    lecture: Lecture
    exam: Exam | None
    stages: tuple[Stage, ...]
    done: int = 0
    total: int = 0
    counting: str = ""
    tries: int = 0

    @property
    def moving(self) -> bool:
        """Whether a worker is to do something, so that it is worth asking again."""
        waiting = self.exam is not None and self.exam.state in (
            ExamState.WAITING,
            ExamState.GENERATING,
        )
        return self.lecture.state == LectureState.STORED or waiting

    @property
    def failed(self) -> bool:
        return any(stage.mark == "failed" for stage in self.stages)

    @property
    def ready(self) -> bool:
        return self.stages[-1].mark == "done"


def progress_of(
    lectures: Iterable[Lecture], exams: Mapping[uuid.UUID, Exam] | None = None
) -> list[Progress]:
    """Tell the progress of many lectures in one more query.

    The way leads to the exam that `exams` names for a lecture, else to the first of
    its `exams`, which are then prefetched, newest first.
    """
    named = exams or {}
    ways = [
        (lecture, named.get(lecture.id) or next(iter(lecture.exams.all()), None))
        for lecture in lectures
    ]
    subjects = [row.id for way in ways for row in way if row is not None]
    jobs = _newest_jobs(subjects)
    return [_progress(lecture, exam, jobs) for lecture, exam in ways]


def _newest_jobs(subjects: list[uuid.UUID]) -> dict[uuid.UUID, Job]:
    """The newest job of each subject that leads on its way."""
    jobs = Job.objects.filter(
        subject__in=subjects,
        consumer__in=[
            "exams.read_lecture",
            "exams.recognise_pages",
            "exams.generate_exam",
        ],
    ).order_by("created_at")
    return {job.subject: job for job in jobs}


def _progress(
    lecture: Lecture, exam: Exam | None, jobs: Mapping[uuid.UUID, Job]
) -> Progress:
    current, failed = _current(lecture, exam, jobs)
    place = STAGES.index(current)
    job = jobs.get(lecture.id if lecture.state != LectureState.READ else _id(exam))
    running = job is not None and job.state == JobState.RUNNING
    return Progress(
        lecture=lecture,
        exam=exam,
        stages=tuple(
            Stage(name, _mark(index, place, failed=failed))
            for index, name in enumerate(STAGES)
        ),
        done=job.progress_done if job and running else 0,
        total=job.progress_total if job and running else 0,
        counting=job.stage if job and running else "",
        tries=job.tries if job else 0,
    )


def _current(
    lecture: Lecture, exam: Exam | None, jobs: Mapping[uuid.UUID, Job]
) -> tuple[str, bool]:
    """The stage at hand, and whether it failed."""
    if lecture.state == LectureState.UPLOADING:
        return "stored", False
    if lecture.state != LectureState.READ:
        return "read", lecture.state == LectureState.FAILED
    if exam is None:
        return "drafted", False
    if exam.state == ExamState.FAILED:
        return "drafted", True
    if exam.state in (ExamState.WAITING, ExamState.GENERATING):
        job = jobs.get(exam.id)
        stage = job.stage if job else ""
        return ("checked" if stage in ("checked", "pictures") else "drafted"), False
    return "ready", False


def _mark(index: int, place: int, *, failed: bool) -> str:
    if index < place:
        return "done"
    if index > place:
        return "to_come"
    if failed:
        return "failed"
    return "done" if index == len(STAGES) - 1 else "now"


def _id(exam: Exam | None) -> uuid.UUID:
    return exam.id if exam else uuid.UUID(int=0)
