"""Uploading a lecture, trying it again, asking for another exam, removing it."""

from __future__ import annotations

import contextlib
import hashlib
import uuid
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from examgen.jobs import claims
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.models import Job
from exams.models import Exam, Lecture, QuestionRequest
from exams.reading import HEAD_BYTES, READER_VERSION, Limits, preflight
from exams.services import files, lifecycle
from exams.services.wishes import Wish
from exams.states import ExamState, IllegalMoveError, LectureState


class PublishedError(Exception):
    """What was once published is closed, never deleted: attempts refer to it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of an upload; `known` when these bytes were here before."""

    lecture: Lecture
    exam: Exam | None
    known: bool = False


def limits() -> Limits:
    """The site's limits for one lecture."""
    return Limits(
        max_bytes=settings.LECTURE_MAX_BYTES, max_pages=settings.LECTURE_MAX_PAGES
    )


def upload_lecture(*, owner: User, file: File[Any], name: str, wish: Wish) -> Upload:
    """Store a PDF, ask for it to be read, and for an exam from it.

    Raises ReadingError when it is plainly no lecture, StoreError when the store is
    away, IllegalMoveError when it was deleted on its way; in each case nothing is kept.
    The same bytes give the owner's existing lecture.
    """
    size = file.size
    file.seek(0)
    preflight(file.read(HEAD_BYTES), size, limits(), name=name)
    sha256 = _sha256(file)
    mine = Lecture.objects.for_user(owner)
    if (
        known := mine.filter(sha256=sha256)
        .exclude(state=LectureState.UPLOADING)
        .first()
    ):
        return Upload(known, known.exams.first(), known=True)
    lecture = Lecture(
        id=uuid.uuid4(),
        owner=owner,
        title=Lecture.title_from(name),
        file_name=name[:200],
        sha256=sha256,
        size=size,
        created_at=now(),
    )
    lecture.file = f"{lecture.prefix}/lecture.pdf"
    try:
        with transaction.atomic():
            # An upload of the same bytes that died on its way makes room for this one;
            # one that only hung and has ended this moment is found below.
            for died in _abandoned(mine).filter(sha256=sha256).select_for_update():
                delete_lecture(lecture=died, actor=owner)
            lecture.save(force_insert=True)
    except IntegrityError:
        # The same bytes are being uploaded in another tab at this moment.
        twin = mine.filter(sha256=sha256).first()
        if twin is None:  # and have just failed there
            return upload_lecture(owner=owner, file=file, name=name, wish=wish)
        return Upload(twin, twin.exams.first(), known=True)
    _put(lecture, file)
    try:
        with transaction.atomic():
            exam = _new_exam(lecture, owner, wish)
            lifecycle.move_lecture(
                lecture, LectureState.STORED, event="lecture.uploaded", actor=owner.id
            )
    except IllegalMoveError:
        # Deleted in another tab, perhaps before its file was in the store.
        files.erase(lecture.prefix)
        raise
    return Upload(lecture, exam)


def request_exam(*, lecture: Lecture, actor: User, wish: Wish, title: str = "") -> Exam:
    """Ask for one more exam from a lecture that was uploaded before.

    A lecture that could not be read is read again first. Raises IllegalMoveError while
    it is still being uploaded.
    """
    with transaction.atomic():
        _hold(lecture)
        if lecture.state == LectureState.UPLOADING:
            raise IllegalMoveError(f"{lecture.pk}: no exam while {lecture.state}")
        exam = _new_exam(lecture, actor, wish, title)
        if lecture.state == LectureState.READ:
            start(exam, actor=actor.id)
        elif lecture.state == LectureState.FAILED:
            retry_lecture(lecture=lecture, actor=actor)
    return exam


def start(exam: Exam, *, actor: uuid.UUID | None) -> None:
    """Ask for the exam's questions; its lecture must have been read."""
    if exam.lecture.state != LectureState.READ:
        raise IllegalMoveError(f"{exam.pk}: its lecture is {exam.lecture.state}")
    lifecycle.move_exam(
        exam, ExamState.GENERATING, event="exam.requested", actor=actor, error_code=""
    )


def retry_lecture(*, lecture: Lecture, actor: User) -> None:
    """Read a failed lecture again, and with it draft the exams that waited."""
    with transaction.atomic():
        _hold(lecture)
        if lecture.state != LectureState.FAILED:
            raise IllegalMoveError(f"{lecture.pk}: no retry while {lecture.state}")
        lifecycle.move_lecture(
            lecture,
            LectureState.STORED,
            event="lecture.uploaded",
            actor=actor.id,
            error_code="",
            error_params={},
        )
        for exam in lecture.exams.filter(state=ExamState.FAILED):
            lifecycle.move_exam(
                exam, ExamState.WAITING, event="exam.waiting", error_code=""
            )


def read_again(*, lecture: Lecture, actor: User) -> None:
    """Read a lecture anew in which more can be found; what it says stays meanwhile.

    Raises IllegalMoveError when nothing newer could be found, or while an exam or some
    of its questions are drafted from what was read.
    """
    with transaction.atomic():
        _hold(lecture)
        drafting = lecture.exams.filter(state=ExamState.GENERATING)
        asked = QuestionRequest.objects.open().filter(exam__lecture=lecture)
        if not may_be_read_again(lecture) or drafting.exists() or asked.exists():
            raise IllegalMoveError(f"{lecture.pk}: is not read again")
        lifecycle.move_lecture(
            lecture, LectureState.STORED, event="lecture.uploaded", actor=actor.id
        )


def may_be_read_again(lecture: Lecture) -> bool:
    """Whether today's reader could find more in it."""
    older = lecture.reader_version != READER_VERSION
    return lecture.state == LectureState.READ and (older or has_new_pictures(lecture))


def has_new_pictures(lecture: Lecture) -> bool:
    """Whether text recognition came to the site after this lecture was read."""
    return bool(settings.OCR) and lecture.untried_pictures > 0


def go_back_to_reading(
    lecture: Lecture,
    code: str,
    params: dict[str, str | int],
    *,
    actor: uuid.UUID | None = None,
) -> None:
    """Go on with an older reading, since no newer one came of reading again."""
    lifecycle.move_lecture(
        lecture,
        LectureState.READ,
        event="lecture.kept",
        actor=actor,
        facts={"code": code},
        error_code=code,
        error_params=params,
    )
    for exam in lecture.exams.filter(state=ExamState.WAITING):
        start(exam, actor=actor)


def retry_exam(*, exam: Exam, actor: User) -> None:
    """Draft a failed exam again: from its lecture's pages, or from reading on.

    Raises IllegalMoveError when it did not fail, or when its lecture is being read.
    """
    with transaction.atomic():
        _hold(exam.lecture)
        if exam.lecture.state == LectureState.FAILED:
            retry_lecture(lecture=exam.lecture, actor=actor)
        else:
            try:
                exam.refresh_from_db(fields=["state"])
            except Exam.DoesNotExist as error:
                raise IllegalMoveError(f"{exam.pk}: deleted meanwhile") from error
            if exam.state != ExamState.FAILED:
                raise IllegalMoveError(f"{exam.pk}: no retry while {exam.state}")
            start(exam, actor=actor.id)


def cancel(*, lecture: Lecture, actor: User) -> None:
    """Stop reading and drafting; what was uploaded stays."""
    with transaction.atomic():
        exams = lecture.exams.filter(
            state__in=[ExamState.WAITING, ExamState.GENERATING]
        )
        _take_back_jobs(lecture, exams)
        _hold(lecture)
        # Once more, for what a reading has started that ended before it was held.
        _take_back_jobs(lecture, exams)
        for exam in exams:
            lifecycle.move_exam(
                exam,
                ExamState.FAILED,
                event="exam.failed",
                actor=actor.id,
                error_code="cancelled",
            )
        if lecture.state == LectureState.STORED and lecture.was_read:
            go_back_to_reading(lecture, "cancelled", {}, actor=actor.id)
        elif lecture.state == LectureState.STORED:
            lifecycle.move_lecture(
                lecture,
                LectureState.FAILED,
                event="lecture.failed",
                actor=actor.id,
                error_code="cancelled",
            )


def delete_lecture(*, lecture: Lecture, actor: User) -> None:
    """Remove a lecture with its exams; the files follow by a job.

    Deleting what is gone already changes nothing. Raises PublishedError, and removes
    nothing, when one of the exams was ever published.
    """
    with transaction.atomic():
        # Asked anew: whoever looked at them may have done so a while ago.
        exams = Exam.objects.filter(lecture=lecture)
        _take_back_jobs(lecture, exams)
        if not Lecture.objects.select_for_update().filter(id=lecture.id):
            return
        for exam in exams:
            delete_exam(exam=exam, actor=actor)
        _take_back_jobs(lecture, exams)
        record("lecture.deleted", lecture, actor=actor.id, prefix=lecture.prefix)
        lecture.delete()


def delete_exam(*, exam: Exam, actor: User) -> None:
    """Remove an exam with its questions; the lecture stays.

    Deleting what is gone already changes nothing. Raises PublishedError when it was
    ever published.
    """
    with transaction.atomic():
        subjects = [exam.id, *_requests_for([exam.id])]
        claims.cancel(Job.objects.filter(subject__in=subjects))
        # Held, so that nobody publishes it between the question and the deletion.
        if not Exam.objects.select_for_update().filter(id=exam.id):
            return
        if exam.versions.exists():
            raise PublishedError(f"{exam.pk}")
        record("exam.deleted", exam, actor=actor.id, prefix=exam.prefix)
        exam.delete()


def forget_abandoned() -> int:
    """Delete rows of uploads whose process died before the file was in the store."""
    forgotten = 0
    for lecture in _abandoned(Lecture.objects.all()):
        with transaction.atomic():
            # Asked anew and held: a process that only hung may have ended its upload
            # since. If it does so from now on, it finds no row and erases its file.
            held = _abandoned(Lecture.objects.select_for_update())
            died = held.filter(id=lecture.id).first()
            if died is None:
                continue
            died.delete()
        # The row first: of a file without a row nobody hears, and orphans are collected.
        files.erase(lecture.prefix)
        forgotten += 1
    return forgotten


def _take_back_jobs(lecture: Lecture, exams: QuerySet[Exam]) -> None:
    """Cancel what workers do for the lecture and these exams: always before `_hold`.

    Jobs come before lectures, and these before exams, in a worker's last transaction
    too. In another order the two would wait for each other.
    """
    ids = list(exams.values_list("id", flat=True))
    subjects = [lecture.id, *ids, *_requests_for(ids)]
    claims.cancel(Job.objects.filter(subject__in=subjects))


def _requests_for(exams: list[uuid.UUID]) -> list[uuid.UUID]:
    """The ids of what was asked for in these drafts; jobs are about them, too."""
    rows = QuestionRequest.objects.open().filter(exam__in=exams)
    return list(rows.values_list("id", flat=True))


def _hold(lecture: Lecture) -> None:
    """Read the lecture's state as it is now, and keep it so until the commit.

    A reading that ends between the person's page and their click would otherwise
    leave an exam waiting for ever.
    """
    rows = Lecture.objects.select_for_update(no_key=True)
    asked = ["state", "reader_version", "untried_pictures"]
    try:
        lecture.refresh_from_db(fields=asked, from_queryset=rows)
    except Lecture.DoesNotExist as error:
        raise IllegalMoveError(f"{lecture.pk}: deleted meanwhile") from error


def _abandoned(lectures: QuerySet[Lecture]) -> QuerySet[Lecture]:
    long_ago = now() - settings.UPLOAD_PATIENCE
    return lectures.filter(state=LectureState.UPLOADING, created_at__lt=long_ago)


def _new_exam(lecture: Lecture, owner: User, wish: Wish, title: str = "") -> Exam:
    return Exam.objects.create(
        owner=owner,
        lecture=lecture,
        title=title or lecture.title,
        settings=wish.to_json(),
        created_at=now(),
    )


def _put(lecture: Lecture, file: File[Any]) -> None:
    try:
        file.seek(0)
        files.keep(lecture.file, file, size=lecture.size, sha256=lecture.sha256)
    except BaseException:
        # Whatever went wrong, the person sees an error and can simply try again. A disk
        # that is full keeps half an object; a store that is away has none.
        with contextlib.suppress(files.StoreError, OSError):
            files.erase(lecture.prefix)
        lecture.delete()
        raise


def _sha256(file: IO[bytes] | File[Any]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    return digest.hexdigest()
