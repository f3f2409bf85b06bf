"""Where a lecture stands, told from its rows alone."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db.models import Prefetch

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record_about
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from exams.models import Exam, Lecture
from exams.services.progress import STAGES, Progress, progress_of
from exams.states import ExamState, LectureState
from tests.factories import exams

D, N, F, T = "done", "now", "failed", "to_come"


def job(
    subject: uuid.UUID, consumer: str = "exams.generate_exam", **fields: Any
) -> Job:
    event = record_about("test.happened", "exam", subject)
    return Job.objects.create(
        key=f"{consumer}:{event.id}",
        consumer=consumer,
        queue="heavy",
        event=event,
        subject=subject,
        **{"run_after": now(), "created_at": now(), **fields},
    )


def marks(way: Progress) -> list[str]:
    assert [stage.name for stage in way.stages] == list(STAGES)
    return [stage.mark for stage in way.stages]


def way_of(lecture: Lecture) -> Progress:
    (way,) = progress_of([lecture])
    return way


def test_the_stages_are_named_in_their_order() -> None:
    assert STAGES == ("stored", "read", "drafted", "checked", "ready")


@pytest.mark.parametrize(
    ("lecture_state", "exam_state", "stage", "expected"),
    [
        ("uploading", None, "", [N, T, T, T, T]),
        ("stored", "waiting", "", [D, N, T, T, T]),
        ("failed", "failed", "", [D, F, T, T, T]),
        ("failed", None, "", [D, F, T, T, T]),
        ("read", None, "", [D, D, N, T, T]),
        ("read", "waiting", "", [D, D, N, T, T]),
        ("read", "generating", "", [D, D, N, T, T]),
        ("read", "generating", "drafted", [D, D, N, T, T]),
        ("read", "generating", "checked", [D, D, D, N, T]),
        ("read", "generating", "pictures", [D, D, D, N, T]),
        ("read", "failed", "checked", [D, D, F, T, T]),
        ("read", "draft", "", [D, D, D, D, D]),
        ("read", "published", "", [D, D, D, D, D]),
        ("read", "closed", "", [D, D, D, D, D]),
    ],
)
def test_each_combination_of_states_has_its_marks(
    educator: User,
    lecture_state: str,
    exam_state: str | None,
    stage: str,
    expected: list[str],
) -> None:
    lecture = exams.lecture(educator, state=LectureState(lecture_state))
    if exam_state:
        exam = exams.exam(educator, of=lecture, state=ExamState(exam_state))
        job(exam.id, state=JobState.RUNNING, stage=stage)
    way = way_of(lecture)
    assert marks(way) == expected
    assert way.failed == (F in expected)
    assert way.ready == (expected[-1] == D)


@pytest.mark.parametrize(
    ("lecture_state", "exam_state", "moving"),
    [
        ("uploading", None, False),
        ("stored", None, True),
        ("stored", "waiting", True),
        ("failed", "failed", False),
        ("read", None, False),
        ("read", "waiting", True),
        ("read", "generating", True),
        ("read", "failed", False),
        ("read", "draft", False),
        ("read", "published", False),
    ],
)
def test_a_way_moves_while_a_worker_has_something_to_do(
    educator: User, lecture_state: str, exam_state: str | None, moving: bool
) -> None:
    lecture = exams.lecture(educator, state=LectureState(lecture_state))
    if exam_state:
        exams.exam(educator, of=lecture, state=ExamState(exam_state))
    assert way_of(lecture).moving == moving


def test_a_running_reading_counts_its_pages(educator: User) -> None:
    lecture = exams.lecture(educator, state=LectureState.STORED)
    job(
        lecture.id,
        "exams.read_lecture",
        state=JobState.RUNNING,
        stage="read",
        progress_done=3,
        progress_total=7,
        errors=1,
        lost_leases=1,
    )
    way = way_of(lecture)
    assert (way.done, way.total, way.tries) == (3, 7, 2)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RETRY, JobState.DEAD])
def test_a_job_that_does_not_run_counts_nothing_but_its_tries(
    educator: User, state: JobState
) -> None:
    exam = exams.exam(educator, state=ExamState.GENERATING)
    job(exam.id, state=state, progress_done=3, progress_total=7, errors=2)
    way = way_of(exam.lecture)
    assert (way.done, way.total, way.tries) == (0, 0, 2)


def test_the_newest_job_speaks_and_other_consumers_do_not(educator: User) -> None:
    exam = exams.exam(educator, state=ExamState.GENERATING)
    job(exam.id, state=JobState.DEAD, errors=6)
    job(exam.id, state=JobState.RUNNING, stage="checked", progress_total=9)
    job(exam.id, "exams.give_up", state=JobState.RUNNING, progress_total=1)
    way = way_of(exam.lecture)
    assert marks(way) == [D, D, D, N, T]
    assert (way.total, way.tries) == (9, 0)


def test_the_way_leads_to_the_newest_exam_or_to_the_named_one(educator: User) -> None:
    first = exams.exam(educator, state=ExamState.FAILED)
    second = exams.exam(educator, of=first.lecture, state=ExamState.DRAFT)

    assert way_of(first.lecture).exam == second
    (named,) = progress_of([first.lecture], {first.lecture_id: first})
    assert named.exam == first
    assert marks(named) == [D, D, F, T, T]


def test_many_ways_take_as_many_queries_as_two(
    educator: User, django_assert_num_queries
) -> None:
    for _ in range(2):
        exams.exam(educator, state=ExamState.GENERATING)
    lectures = Lecture.objects.prefetch_related(
        Prefetch("exams", queryset=Exam.objects.order_by("-created_at"))
    )
    # The lectures, their exams, and one for all their jobs.
    with django_assert_num_queries(3):
        assert len(progress_of(lectures)) == 2
    for _ in range(18):
        exams.exam(educator, state=ExamState.GENERATING)
    with django_assert_num_queries(3):
        assert len(progress_of(lectures.all())) == 20
    loaded = list(lectures.all())
    with django_assert_num_queries(1):
        progress_of(loaded)
