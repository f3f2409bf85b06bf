"""Asking for questions of a draft: more of them, another one, one of another kind.

What is asked for is drafted by a job, see `exams.services.drafting`; everything else
in the exam stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from examgen.jobs import claims
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from exams.content import Kind
from exams.models import Exam, Lecture, Page, Question, QuestionRequest
from exams.services import (
    anchoring,
    authoring,
    cross_checks,
    lifecycle,
    question_rows,
)
from exams.states import (
    IllegalMoveError,
    LectureState,
    QuestionState,
    RequestAim,
    RequestState,
)

CONSUMER = "exams.draft_questions"
MOST_AT_ONCE = 20


class RefusedRequestError(Exception):
    """What was asked for cannot be begun; `code` has a sentence.

    `under_way`: the same is being drafted already. `being_read`: the lecture is read
    again at this moment.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answering:
    """A request, and how far the worker is with it: `done` of `total` of `counting`.

    All empty while nobody works on it; `tries` counts failed attempts.
    """

    request: QuestionRequest
    done: int = 0
    total: int = 0
    counting: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The newest request for more, and the one for the place of a question.

    `earlier` are the requests whose replaced questions can be brought back, newest
    first.
    """

    added: Answering | None
    instead: Answering | None
    earlier: Sequence[QuestionRequest]


def add_questions(
    *,
    exam: Exam,
    actor: User,
    number: int,
    first_page: int,
    last_page: int,
    kinds: Iterable[Kind] = (),
) -> QuestionRequest:
    """Ask for up to `number` more questions on these pages, both included.

    No kinds: those that the exam was asked for. They come after all others. Raises
    IllegalMoveError when the exam is no draft, RefusedRequestError otherwise.
    """
    return _ask(
        QuestionRequest(
            exam=exam,
            aim=RequestAim.ADD,
            number=number,
            first_page=first_page,
            last_page=last_page,
            kinds=[kind.value for kind in kinds],
        ),
        actor,
    )


def regenerate(
    *, question: Question, actor: User, revision: int, hint: str = ""
) -> QuestionRequest:
    """Ask for another question in the place of this one.

    With a hint, only for one that uses its words, from wherever in the lecture. Raises
    EditConflictError when the question was changed since its `revision` was seen,
    IllegalMoveError and RefusedRequestError as `add_questions` does.
    """
    return _ask_instead(question, actor, revision, aim=RequestAim.ANOTHER, hint=hint)


def change_kind(
    *, question: Question, actor: User, revision: int, kind: Kind
) -> QuestionRequest:
    """Ask for a question of this kind in the place of this one.

    It is about the same sentence, if that gives one. Raises what `regenerate` raises.
    """
    return _ask_instead(
        question, actor, revision, aim=RequestAim.KIND, kinds=[kind.value]
    )


def cancel(*, request: QuestionRequest, actor: User) -> None:
    """Take a request back; IllegalMoveError when it has its answer already."""
    with transaction.atomic():
        # The job first, as in a worker's last transaction.
        claims.cancel(Job.objects.filter(subject=request.id))
        lifecycle.move_request(request, RequestState.CANCELLED, actor=actor.id)


def bring_back(*, request: QuestionRequest, actor: User, revision: int) -> Question:
    """Give a question its place back that this request had replaced.

    What stands there now is kept in its stead, so doing it twice changes nothing but
    the revision. Raises EditConflictError and IllegalMoveError as `regenerate` does.
    """
    question = request.question
    if question is None or not request.replaced:
        raise IllegalMoveError(f"{request.pk}: replaced nothing")
    with transaction.atomic():
        lifecycle.hold_draft(question)
        authoring.check_revision(question, revision)
        # Read anew behind the lock: somebody may have brought it back already.
        request.refresh_from_db(fields=["replaced"])
        question.refresh_from_db()
        leaving = question_rows.put_by(question)
        back = _as_read_now(question_rows.taken_up(request.replaced), question)
        lifecycle.replace_question(question, actor=actor.id, request=request.id, **back)
        cross_checks.recheck(request.exam, question)
        QuestionRequest.objects.filter(pk=request.pk).update(replaced=leaving)
        _take_back(QuestionRequest.objects.open().filter(question=question), actor)
    return question


def asked_about(exam: Exam, question: Question) -> Asked:
    """What was asked for in an exam, as the page of one question tells it."""
    wanted = Q(aim=RequestAim.ADD) | Q(question=question)
    rows = list(QuestionRequest.objects.filter(wanted, exam=exam))
    added = [row for row in rows if row.aim == RequestAim.ADD][:1]
    instead = [row for row in rows if row.question_id == question.id]
    # What became of a request is old news once the question has changed.
    newest = [
        row for row in instead[:1] if row.is_open or row.revision == question.revision
    ]
    return Asked(
        added=next(iter(answering(added)), None),
        instead=next(iter(answering(newest)), None),
        earlier=[row for row in instead if row.replaced],
    )


def answering(requests: Sequence[QuestionRequest]) -> list[Answering]:
    """Tell how far workers are with these requests, in at most one query."""
    pending = [request.id for request in requests if request.is_open]
    found = Job.objects.filter(subject__in=pending, consumer=CONSUMER)
    jobs = {job.subject: job for job in found} if pending else {}
    return [_answering(request, jobs.get(request.id)) for request in requests]


def _answering(request: QuestionRequest, job: Job | None) -> Answering:
    if job is None or job.state != JobState.RUNNING:
        return Answering(request, tries=job.tries if job else 0)
    return Answering(
        request,
        done=job.progress_done,
        total=job.progress_total,
        counting=job.stage,
        tries=job.tries,
    )


def _ask_instead(
    question: Question, actor: User, revision: int, **wish: Any
) -> QuestionRequest:
    request = QuestionRequest(exam=question.exam, question=question, **wish)

    def as_seen() -> None:
        authoring.check_revision(question, revision)
        request.revision = question.revision
        request.seen_state = QuestionState(question.state)

    return _ask(request, actor, as_seen)


def _ask(
    request: QuestionRequest, actor: User, as_seen: Callable[[], None] = lambda: None
) -> QuestionRequest:
    """Keep the request and tell of it; the event brings the job that answers it."""
    request.created_at = now()
    try:
        with transaction.atomic():
            _hold_reading(request.exam)
            lifecycle.hold_draft_exam(request.exam_id)
            as_seen()
            request.save(force_insert=True)
            record(
                "questions.requested",
                request,
                actor=actor.id,
                exam=str(request.exam_id),
                aim=request.aim,
                questions=request.number,
            )
    except IntegrityError as error:
        raise RefusedRequestError("under_way") from error
    return request


def _hold_reading(exam: Exam) -> None:
    """Keep what was read of the lecture until the commit; lectures before exams."""
    rows = Lecture.objects.select_for_update(no_key=True).filter(pk=exam.lecture_id)
    state = rows.values_list("state", flat=True).first()
    if state is None:
        raise IllegalMoveError(f"{exam.pk}: deleted meanwhile")
    if state != LectureState.READ:
        raise RefusedRequestError("being_read")


def _take_back(requests: Any, actor: User) -> None:
    for request in requests:
        lifecycle.move_request(request, RequestState.CANCELLED, actor=actor.id)


def _as_read_now(columns: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """The columns, citing the lecture's pages as they are read by now."""
    cited = {item["page"] for item in columns["evidence"]}
    pages = Page.objects.filter(
        lecture__exams=question.exam_id, number__in=cited
    ).values_list("number", "text")
    return {**columns, **anchoring.anchored_again(columns, dict(pages))}
