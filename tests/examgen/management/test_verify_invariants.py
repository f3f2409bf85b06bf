from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import serializers
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.invariants import Violation
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from examgen.management.commands.verify_invariants import INVARIANTS
from exams import invariants
from exams.formats import paper
from exams.models import Exam, ExamVersion, Lecture, Page, Question, QuestionRequest
from exams.services.publishing import close_exam
from exams.states import ExamState, LectureState
from notifications.models import Delivery
from notifications.states import Channel, DeliveryState
from scoring import invariants as scoring
from tests.factories import exams, lectures, people, publishing, stores

HOLDS = [f"{invariant.__name__}: holds" for invariant in INVARIANTS]


def verify(*options: str) -> tuple[list[str], list[str], str]:
    """The lines on stdout and on stderr, and the error it ends with."""
    out, err = StringIO(), StringIO()
    error = ""
    try:
        call_command("verify_invariants", *options, stdout=out, stderr=err)
    except CommandError as raised:
        error = str(raised)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), error


@dataclass(slots=True)
class Backup:
    rows: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture(scope="module")
def backup() -> Backup:
    """What the first test drafted, for the others to restore."""
    return Backup()


@pytest.fixture
def exam(db: None, backup: Backup, store: Path) -> Exam:
    """An exam drafted from a lecture, with everything in its place."""
    if backup.rows:
        for row in serializers.deserialize("json", backup.rows):
            row.save()
        for name, content in backup.files.items():
            default_storage.save(name, ContentFile(content))
        return Exam.objects.get()
    exam = lectures.drafted(people.educator())
    models = (User, Lecture, Page, Exam, Question, Event, Job, Delivery)
    rows = chain.from_iterable(model.objects.all() for model in models)
    backup.rows = serializers.serialize("json", rows)
    files = (path for path in store.rglob("*") if path.is_file())
    backup.files = {str(f.relative_to(store)): f.read_bytes() for f in files}
    return exam


def test_a_site_without_rows_is_sound(db: None) -> None:
    assert verify() == (HOLDS, [], "")


def test_a_site_with_an_exam_is_sound(exam: Exam) -> None:
    assert exam.state == ExamState.DRAFT
    assert verify() == (HOLDS, [], "")


def test_a_site_with_a_published_and_a_closed_exam_is_sound(educator: User) -> None:
    publishing.published(educator)
    version = publishing.published(educator)
    close_exam(version=version, actor=educator.id)
    assert verify() == (HOLDS, [], "")


def test_a_site_in_the_middle_of_its_work_is_sound(educator: User) -> None:
    lectures.uploaded(educator)
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1
    assert verify() == (HOLDS, [], "")


def generating_job() -> Job:
    return Job.objects.get(consumer="exams.generate_exam")


def lose_a_job() -> str:
    job = generating_job()
    job.delete()
    return f"event {job.event_id}: no job for exams.generate_exam"


def run_without_a_lease() -> str:
    job = generating_job()
    Job.objects.filter(id=job.id).update(state=JobState.RUNNING)
    return f"job {job.id}: running with half a lease"


def end_without_a_time() -> str:
    job = generating_job()
    Job.objects.filter(id=job.id).update(finished_at=None)
    return f"job {job.id}: done without an end"


def die_without_a_reason() -> str:
    job = generating_job()
    Job.objects.filter(id=job.id).update(state=JobState.DEAD)
    return f"job {job.id}: dead without a reason"


def forget_a_waiting_job() -> str:
    job = generating_job()
    late = now() - timedelta(days=1)
    Job.objects.filter(id=job.id).update(
        state=JobState.QUEUED, run_after=late, finished_at=None
    )
    return f"job {job.id}: waiting since {late}"


def forget_a_lost_job() -> str:
    job = generating_job()
    late = now() - timedelta(days=1)
    Job.objects.filter(id=job.id).update(
        state=JobState.RUNNING, lease_token=job.id, lease_until=late
    )
    return f"job {job.id}: lease ran out at {late}"


def change_the_text_of_a_page() -> str:
    question = Question.objects.all()[0]
    (evidence, *_) = question.evidence
    Question.objects.exclude(id=question.id).update(evidence=[])
    Page.objects.filter(number=evidence["page"]).update(text="Another text.")
    return f"question {question.id}: not on page {evidence['page']}"


def shift_the_quote_of_a_question() -> str:
    question = Question.objects.all()[0]
    evidence = question.evidence
    evidence[0]["start"] += 1
    Question.objects.filter(id=question.id).update(evidence=evidence)
    return f"question {question.id}: not on page {evidence[0]['page']}"


def cite_a_page_that_is_not_there() -> str:
    question = Question.objects.all()[0]
    evidence = question.evidence
    evidence[0]["page"] = 999
    Question.objects.filter(id=question.id).update(evidence=evidence)
    return f"question {question.id}: not on page 999"


def lose_all_questions() -> str:
    Question.objects.all().delete()
    return f"exam {Exam.objects.get().id}: a draft without questions"


def forget_the_document() -> str:
    Exam.objects.update(document="")
    return f"exam {Exam.objects.get().id}: a draft without its document"


def wait_for_nobody_to_read() -> str:
    Lecture.objects.update(state=LectureState.STORED)
    return f"lecture {Lecture.objects.get().id}: waits for no job"


def wait_for_nobody_to_draft() -> str:
    Exam.objects.update(state=ExamState.GENERATING)
    return f"exam {Exam.objects.get().id}: waits for no job"


def wait_for_a_lecture_that_failed() -> str:
    Lecture.objects.update(state=LectureState.FAILED)
    Exam.objects.update(state=ExamState.WAITING)
    return f"exam {Exam.objects.get().id}: waits for a lecture at rest"


def lose_the_file_of_a_lecture() -> str:
    lecture = Lecture.objects.get()
    default_storage.delete(lecture.file)
    return f"lecture {lecture.id}: no object {lecture.file}"


def lose_the_document_of_an_exam() -> str:
    exam = Exam.objects.get()
    default_storage.delete(exam.document)
    return f"exam {exam.id}: no object {exam.document}"


def lose_the_picture_of_a_page() -> str:
    page = Page.objects.exclude(image="")[0]
    default_storage.delete(page.image)
    return f"page {page.id}: no object {page.image}"


def lose_the_thumbnail_of_a_page() -> str:
    page = Page.objects.exclude(thumbnail="")[0]
    default_storage.delete(page.thumbnail)
    return f"page {page.id}: no object {page.thumbnail}"


def keep_half_a_lecture() -> str:
    lecture = Lecture.objects.get()
    default_storage.delete(lecture.file)
    default_storage.save(lecture.file, ContentFile(b"%PDF-1.7"))
    return f"lecture {lecture.id}: 8 bytes instead of {lecture.size} in {lecture.file}"


def swap_bytes_of_a_lecture() -> str:
    lecture = Lecture.objects.get()
    with default_storage.open(lecture.file) as file:
        content = file.read()
    default_storage.delete(lecture.file)
    default_storage.save(lecture.file, ContentFile(content[::-1]))
    return f"lecture {lecture.id}: not what was sent: {lecture.file}"


def leave_an_object_behind() -> str:
    key = f"{Exam.objects.get().prefix}/exam-000000000000-aaaaaaaaaaaa.json"
    stores.put(key)
    location = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    stores.age(location, key, by=timedelta(hours=25))
    return f"object {key}: no row names it"


def version_of(exam: Exam, **fields: Any) -> ExamVersion:
    """A version as it was hashed, whose document is there."""
    row = {
        "exam": exam,
        "number": 1,
        "code": "K7PM4XWD",
        "title": exam.title,
        "paper": {},
        "key": {},
        "policy": {},
        "sha256": paper.digest({}, {}, {}),
        "document": exam.document,
        "opens_at": now(),
        "published_at": now(),
        "published_by": exam.owner,
    }
    return ExamVersion.objects.create(**(row | fields))


def publish_something_else_than_was_hashed() -> str:
    Exam.objects.update(state=ExamState.PUBLISHED)
    version = version_of(Exam.objects.get(), paper={"questions": []})
    return f"version {version.id}: not as published"


def change_what_was_published() -> str:
    Exam.objects.update(state=ExamState.PUBLISHED)
    version = version_of(Exam.objects.get())
    with publishing.thawed():
        ExamVersion.objects.update(key={"q": {}})
    return f"version {version.id}: not as published"


def lose_the_document_of_a_version() -> str:
    Exam.objects.update(state=ExamState.PUBLISHED)
    version = version_of(Exam.objects.get(), document="u/nowhere/v1.json")
    return f"version {version.id}: no object u/nowhere/v1.json"


def publish_without_a_document() -> str:
    Exam.objects.update(state=ExamState.PUBLISHED)
    version = version_of(Exam.objects.get(), document="")
    return f"version {version.id}: without its document"


def publish_without_opening_the_doors() -> str:
    Exam.objects.update(state=ExamState.PUBLISHED)
    version_of(Exam.objects.get(), closed_at=now())
    return f"exam {Exam.objects.get().id}: published with closed doors"


def close_without_closing_the_doors() -> str:
    Exam.objects.update(state=ExamState.CLOSED)
    version_of(Exam.objects.get())
    return f"exam {Exam.objects.get().id}: closed with open doors"


def close_what_was_never_published() -> str:
    Exam.objects.update(state=ExamState.CLOSED)
    return f"exam {Exam.objects.get().id}: closed without a version"


def mail() -> Delivery:
    return Delivery.objects.get(channel=Channel.EMAIL)


def lose_the_job_of_a_mail() -> str:
    """The row waits as before it was sent, and its job is done."""
    delivery = mail()
    Delivery.objects.filter(id=delivery.id).update(
        state=DeliveryState.WAITING, sent_at=None
    )
    return f"delivery {delivery.id}: waits for no job"


def fail_a_mail_without_a_reason() -> str:
    delivery = mail()
    Delivery.objects.filter(id=delivery.id).update(
        state=DeliveryState.FAILED, sent_at=None
    )
    return f"delivery {delivery.id}: failed without a reason"


def leave_a_sent_mail_on_its_way() -> str:
    delivery = mail()
    Delivery.objects.filter(id=delivery.id).update(begun_at=now())
    return f"delivery {delivery.id}: ended and on its way"


def request(**fields: Any) -> str:
    """Ask for another question, as nobody but a fault would leave it."""
    question = Question.objects.all()[0]
    return str(
        QuestionRequest.objects.create(
            exam=question.exam,
            question=question,
            aim="another",
            created_at=now(),
            **fields,
        ).id
    )


def wait_for_nobody_to_answer() -> str:
    return f"request {request()}: waits for no job"


def answer_with_nothing() -> str:
    asked = request(state="done", replaced={"stem": "?"}, ended_at=now())
    return f"request {asked}: done without a question"


def lose_the_question_that_was_replaced() -> str:
    asked = request(state="done", made=1, ended_at=now())
    return f"request {asked}: lost what it replaced"


def end_a_request_at_no_time() -> str:
    return f"request {request(state='cancelled')}: ends at no time of its own"


BREAKS: dict[Callable[[], str], str] = {
    lose_a_job: "every_event_has_its_jobs",
    run_without_a_lease: "every_job_is_in_a_known_place",
    end_without_a_time: "every_job_is_in_a_known_place",
    die_without_a_reason: "every_job_is_in_a_known_place",
    forget_a_waiting_job: "no_job_is_forgotten",
    forget_a_lost_job: "no_job_is_forgotten",
    change_the_text_of_a_page: "every_quote_is_verbatim",
    shift_the_quote_of_a_question: "every_quote_is_verbatim",
    cite_a_page_that_is_not_there: "every_quote_is_verbatim",
    lose_all_questions: "every_draft_has_questions",
    forget_the_document: "every_draft_has_questions",
    wait_for_nobody_to_read: "nothing_waits_without_a_job",
    wait_for_nobody_to_draft: "nothing_waits_without_a_job",
    wait_for_a_lecture_that_failed: "nothing_waits_without_a_job",
    wait_for_nobody_to_answer: "nothing_waits_without_a_job",
    answer_with_nothing: "every_answer_is_as_its_request_says",
    lose_the_question_that_was_replaced: "every_answer_is_as_its_request_says",
    end_a_request_at_no_time: "every_answer_is_as_its_request_says",
    lose_the_file_of_a_lecture: "every_row_has_its_object",
    lose_the_document_of_an_exam: "every_row_has_its_object",
    lose_the_picture_of_a_page: "every_row_has_its_object",
    lose_the_thumbnail_of_a_page: "every_row_has_its_object",
    keep_half_a_lecture: "every_row_has_its_object",
    swap_bytes_of_a_lecture: "every_row_has_its_object",
    leave_an_object_behind: "every_object_has_its_row",
    lose_the_document_of_a_version: "every_row_has_its_object",
    publish_without_a_document: "every_version_is_as_published",
    change_what_was_published: "every_version_is_as_published",
    publish_something_else_than_was_hashed: "every_version_is_as_published",
    publish_without_opening_the_doors: "every_door_is_as_its_exam_says",
    close_without_closing_the_doors: "every_door_is_as_its_exam_says",
    close_what_was_never_published: "every_door_is_as_its_exam_says",
    lose_the_job_of_a_mail: "every_waiting_mail_has_its_job",
    fail_a_mail_without_a_reason: "every_mail_that_ended_says_how",
    leave_a_sent_mail_on_its_way: "every_mail_that_ended_says_how",
}


@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__)
def test_a_broken_row_is_named_and_the_command_fails(
    exam: Exam, spoil: Callable[[], str]
) -> None:
    violation = spoil()
    out, err, error = verify()
    assert err == [f"  {violation}"]
    assert error == "Broken rows: 1."
    expected = [
        line.replace("holds", "1 broken") if line.startswith(BREAKS[spoil]) else line
        for line in HOLDS
    ]
    assert out == expected


def test_every_broken_row_is_named(exam: Exam) -> None:
    expected = {f"  {lose_the_file_of_a_lecture()}", f"  {forget_the_document()}"}
    out, err, error = verify()
    assert set(err) == expected
    assert error == "Broken rows: 2."
    assert "every_row_has_its_object: 1 broken" in out
    assert "every_draft_has_questions: 1 broken" in out


def test_every_invariant_is_broken_by_a_test() -> None:
    # Those of scoring are broken in tests/scoring/test_invariants.py.
    here = [one for one in INVARIANTS if one not in scoring.INVARIANTS]
    assert set(BREAKS.values()) == {invariant.__name__ for invariant in here}


def test_an_object_younger_than_a_day_may_yet_get_its_row(exam: Exam) -> None:
    stores.put(f"{exam.prefix}/exam-000000000000-aaaaaaaaaaaa.json")
    assert verify() == (HOLDS, [], "")


@pytest.mark.every_store
def test_rows_and_objects_are_compared_in_every_store(
    educator: User, store: Path
) -> None:
    lecture = exams.lecture(educator)
    stored = f"u/{educator.id}/lectures/{lecture.id}"
    assert not list(store_invariants())
    (store / lecture.file).unlink()
    stores.put(f"{stored}/litter.webp")
    stores.age(store, f"{stored}/litter.webp", by=timedelta(hours=25))
    assert {(found.row, found.problem) for found in store_invariants()} == {
        (f"lecture {lecture.id}", f"no object {lecture.file}"),
        (f"object {stored}/litter.webp", "no row names it"),
    }


@pytest.mark.every_store
def test_other_bytes_of_the_same_length_are_found_in_every_store(
    educator: User, store: Path
) -> None:
    lectures.uploaded(educator)
    violation = swap_bytes_of_a_lecture()
    assert verify()[1] == [f"  {violation}"]


@pytest.mark.every_store
def test_what_rots_in_the_store_is_found_by_reading(
    educator: User, store: Path
) -> None:
    lecture = lectures.uploaded(educator)
    assert verify("--read") == (
        [*HOLDS, "every_lecture_reads_as_it_was_sent: holds"],
        [],
        "",
    )
    # Below the server, which has told the checksum of what it was sent.
    path = store / lecture.file
    path.write_bytes(path.read_bytes()[::-1])
    assert invariant_lines("every_lecture_reads_as_it_was_sent") == [
        f"lecture {lecture.id}: not what was sent: {lecture.file}"
    ]
    assert "every_lecture_reads_as_it_was_sent: 1 broken" in verify("--read")[0]


@pytest.mark.every_store
def test_a_lecture_that_cannot_be_read_is_named(educator: User, store: Path) -> None:
    lecture = lectures.uploaded(educator)
    (store / lecture.file).unlink()
    assert invariant_lines("every_lecture_reads_as_it_was_sent") == [
        f"lecture {lecture.id}: no object {lecture.file}"
    ]


def invariant_lines(name: str) -> list[str]:
    found: list[Violation] = list(getattr(invariants, name)())
    return [f"{one.row}: {one.problem}" for one in found]


def store_invariants() -> Iterator[Violation]:
    yield from invariants.every_row_has_its_object()
    yield from invariants.every_object_has_its_row()


def test_a_store_that_does_not_answer_is_said_so(exam: Exam, store: Path) -> None:
    with stores.away(store):
        _, _, error = verify()
    assert error == (
        "every_row_has_its_object: not checked: the store does not answer "
        f"([Errno 5] the store is away: '{exam.lecture.prefix}/')."
    )


def test_the_check_changes_nothing(exam: Exam) -> None:
    lose_a_job()
    before = (Event.objects.count(), Job.objects.count(), Question.objects.count())
    verify()
    after = (Event.objects.count(), Job.objects.count(), Question.objects.count())
    assert before == after
