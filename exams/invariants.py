"""What must always hold for lectures and exams. Each function names broken rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, Q

from examgen.jobs.invariants import Violation
from examgen.jobs.models import Job
from examgen.jobs.states import OPEN
from examgen.store import Fingerprint
from exams.formats import paper
from exams.models import (
    Exam,
    ExamVersion,
    Lecture,
    Page,
    Question,
    QuestionRequest,
)
from exams.services import anchoring, files, orphans
from exams.states import ExamState, LectureState, RequestState


def every_quote_is_verbatim() -> Iterator[Violation]:
    """`page.text[start:end] == quote` for every piece of evidence of every question.

    But for those that a newer reading has lost: they are flagged for their educator.
    """
    questions = Question.objects.select_related("exam").order_by("exam__lecture")
    texts: dict[int, str] = {}
    lecture_id = None
    for question in questions.iterator():
        if question.exam.lecture_id != lecture_id:
            lecture_id = question.exam.lecture_id
            pages = Page.objects.filter(lecture_id=lecture_id)
            texts = dict(pages.values_list("number", "text"))
        lost = {
            warning["params"]["page"]
            for warning in question.warnings
            if warning["code"] == anchoring.LOST
        }
        for item in question.evidence:
            if item["page"] in lost:
                continue
            text = texts.get(item["page"], "")
            if text[item["start"] : item["end"]] != item["quote"]:
                yield Violation(
                    "evidence", f"question {question.id}", f"not on page {item['page']}"
                )


def every_draft_has_questions() -> Iterator[Violation]:
    made = [ExamState.DRAFT, ExamState.PUBLISHED, ExamState.CLOSED]
    for exam in Exam.objects.filter(state__in=made, questions=None):
        yield Violation("exams", f"exam {exam.id}", "a draft without questions")
    for exam in Exam.objects.filter(state__in=made, document=""):
        yield Violation("exams", f"exam {exam.id}", "a draft without its document")


def nothing_waits_without_a_job() -> Iterator[Violation]:
    """What is being read, drafted or asked for has an open job that does it."""
    # In one query each: a job may end between two. One that just died is told to its
    # lecture by another job.
    job = Job.objects.filter(subject=OuterRef("pk"), state__in=OPEN)
    for lecture in Lecture.objects.filter(~Exists(job), state=LectureState.STORED):
        yield Violation("exams", f"lecture {lecture.id}", "waits for no job")
    for exam in Exam.objects.filter(~Exists(job), state=ExamState.GENERATING):
        yield Violation("exams", f"exam {exam.id}", "waits for no job")
    for request in QuestionRequest.objects.open().filter(~Exists(job)):
        yield Violation("exams", f"request {request.id}", "waits for no job")
    early = Exam.objects.filter(state=ExamState.GENERATING)
    for exam in early.exclude(lecture__state=LectureState.READ):
        yield Violation("exams", f"exam {exam.id}", "drafted from an unread lecture")
    stranded = Exam.objects.filter(state=ExamState.WAITING).exclude(
        lecture__state__in=[LectureState.UPLOADING, LectureState.STORED]
    )
    for exam in stranded:
        yield Violation("exams", f"exam {exam.id}", "waits for a lecture at rest")


def every_answer_is_as_its_request_says() -> Iterator[Violation]:
    """A request that is done made something, and keeps the question that it replaced."""
    done = QuestionRequest.objects.filter(state=RequestState.DONE)
    for request in done.filter(made=0):
        yield Violation("exams", f"request {request.id}", "done without a question")
    instead = done.filter(question__isnull=False)
    for request in instead.filter(replaced={}):
        yield Violation("exams", f"request {request.id}", "lost what it replaced")
    unended = Q(state=RequestState.OPEN, ended_at__isnull=False)
    unended |= ~Q(state=RequestState.OPEN) & Q(ended_at=None)
    for request in QuestionRequest.objects.filter(unended):
        yield Violation("exams", f"request {request.id}", "ends at no time of its own")


def every_row_has_its_object() -> Iterator[Violation]:
    """The store holds what the rows speak of, a lecture's file as it was sent."""
    for lecture in Lecture.objects.exclude(state=LectureState.UPLOADING).iterator():
        held = _sizes(lecture.prefix)
        pages = lecture.pages.values_list("id", "thumbnail", "image")
        keys = [
            (f"lecture {lecture.id}", lecture.file),
            *((f"page {pk}", key) for pk, *both in pages for key in both if key),
        ]
        yield from (
            Violation("store", row, f"no object {key}")
            for row, key in keys
            if key not in held
        )
        size = held.get(lecture.file, lecture.size)
        if size != lecture.size:
            yield Violation(
                "store",
                f"lecture {lecture.id}",
                f"{size} bytes instead of {lecture.size} in {lecture.file}",
            )
        elif lecture.file in held:
            yield from _compare(lecture, files.fingerprint)
    for exam in Exam.objects.exclude(document="").iterator():
        if exam.document not in _sizes(exam.prefix):
            yield Violation("store", f"exam {exam.id}", f"no object {exam.document}")
    versions = ExamVersion.objects.exclude(document="").select_related("exam")
    for version in versions.headlines().iterator():
        if version.document not in _sizes(version.exam.prefix):
            yield Violation(
                "store", f"version {version.id}", f"no object {version.document}"
            )


def every_lecture_reads_as_it_was_sent() -> Iterator[Violation]:
    """Every byte of every lecture, also where a bucket vouches for what it holds."""
    for lecture in Lecture.objects.exclude(state=LectureState.UPLOADING).iterator():
        yield from _compare(lecture, files.read_fingerprint)


def every_object_has_its_row() -> Iterator[Violation]:
    """The store holds nothing that was left behind for longer than a day."""
    for orphan in orphans.orphans():
        yield Violation("store", f"object {orphan.found.name}", "no row names it")


def _compare(
    lecture: Lecture, measure: Callable[[str], Fingerprint]
) -> Iterator[Violation]:
    try:
        found = measure(lecture.file)
    except files.StoreError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        yield Violation("store", f"lecture {lecture.id}", f"no object {lecture.file}")
        return
    if found != (lecture.size, lecture.sha256):
        yield Violation(
            "store", f"lecture {lecture.id}", f"not what was sent: {lecture.file}"
        )


def _sizes(prefix: str) -> dict[str, int]:
    """What lies in the folder of one lecture or exam, in one request or few."""
    return {found.name: found.size for found in files.listed(f"{prefix}/")}


def every_version_is_as_published() -> Iterator[Violation]:
    """Paper, key and rules are those that were hashed when the exam was published."""
    for version in ExamVersion.objects.iterator(chunk_size=20):
        if paper.digest(version.paper, version.key, version.policy) != version.sha256:
            yield Violation("versions", f"version {version.id}", "not as published")
        if not version.document:
            yield Violation("versions", f"version {version.id}", "without its document")


def every_door_is_as_its_exam_says() -> Iterator[Violation]:
    """A published exam has one version with open doors, a closed exam has none."""
    open_doors = Exists(ExamVersion.objects.filter(exam=OuterRef("pk"), closed_at=None))
    published = Q(state=ExamState.PUBLISHED)
    for exam in Exam.objects.filter(published & ~open_doors):
        yield Violation("versions", f"exam {exam.id}", "published with closed doors")
    for exam in Exam.objects.filter(~published & open_doors):
        yield Violation("versions", f"exam {exam.id}", f"{exam.state} with open doors")
    for exam in Exam.objects.filter(state=ExamState.CLOSED, versions=None):
        yield Violation("versions", f"exam {exam.id}", "closed without a version")


INVARIANTS = (
    every_quote_is_verbatim,
    every_draft_has_questions,
    nothing_waits_without_a_job,
    every_answer_is_as_its_request_says,
    every_row_has_its_object,
    every_object_has_its_row,
    every_version_is_as_published,
    every_door_is_as_its_exam_says,
)
# What costs as much as a backup, so only who asks for it gets it.
THOROUGH = (every_lecture_reads_as_it_was_sent,)
