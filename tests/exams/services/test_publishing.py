"""Publishing and the doors of what was published: all of it, or nothing."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts.codes import ALPHABET
from accounts.models import Course, User
from accounts.services import courses as services
from examgen.jobs.clock import now
from examgen.jobs.models import Event
from exams import content
from exams.content import Kind
from exams.formats import examgen_json, paper
from exams.models import Exam, ExamVersion, Question
from exams.policy import FARTHEST, Policy, Release
from exams.services import authoring, lectures, publishing
from exams.services.files import StoreError
from exams.services.publishing import (
    ChangedMeanwhileError,
    NotReadyError,
    RefusedError,
)
from exams.states import ExamState, IllegalMoveError, QuestionState
from tests.factories import courses, exams, stores, versions
from tests.factories import publishing as made
from tests.threads import together

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def exam(educator: User) -> Exam:
    return exams.reviewed(educator)


@pytest.fixture
def version(exam: Exam) -> ExamVersion:
    return made.published(exam.owner, exam=exam)


def publish(exam: Exam, **rules: Any) -> ExamVersion:
    return publishing.publish_exam(
        exam=exam, actor=exam.owner, policy=made.policy(**rules)
    )


def told(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name))


def nothing_is_published(exam: Exam, store: Path) -> bool:
    exam.refresh_from_db()
    documents = {key for key in stores.objects(store) if "/v" in key}
    return (
        exam.state == ExamState.DRAFT
        and not ExamVersion.objects.exists()
        and not told("exam.published")
        and documents == set()
    )


# Publishing


def test_what_is_published_is_paper_key_and_rules_as_they_are_now(
    exam: Exam, educator: User
) -> None:
    exam.questions.filter(position=4).update(state=QuestionState.REJECTED)
    before = now()
    course = courses.course(educator)
    courses.students(course, 1)
    rules = made.policy(minutes=30, attempts=2, pass_percent=Decimal(60))
    version = publishing.publish_exam(
        exam=exam, actor=educator, policy=rules, course=course
    )

    stored = ExamVersion.objects.get()
    assert stored == version
    kept = list(exam.questions.filter(position__lte=3))
    assert [sheet["id"] for sheet in stored.questions] == [str(q.id) for q in kept]
    assert set(stored.key) == {str(question.id) for question in kept}
    assert [paper.body_of(stored.key[str(question.id)]) for question in kept] == [
        question.as_content().body for question in kept
    ]
    assert stored.rules == replace(rules, opens_at=stored.opens_at)
    assert stored.sha256 == paper.digest(stored.paper, stored.key, stored.policy)
    assert (stored.number, stored.title, stored.course) == (1, exam.title, course)
    assert before <= stored.opens_at == stored.published_at <= now()
    assert stored.closes_at == rules.closes_at
    assert (stored.closed_at, stored.released_at) == (None, None)
    assert stored.published_by == educator
    assert len(stored.code) == 8
    assert set(stored.code) <= set(ALPHABET)


def test_the_exam_is_published_and_told_in_the_same_breath(
    exam: Exam, educator: User
) -> None:
    version = publish(exam)
    assert exam.state == ExamState.PUBLISHED
    exam.refresh_from_db()
    assert exam.state == ExamState.PUBLISHED
    (event,) = told("exam.published")
    assert (event.subject_type, event.subject_id) == ("examversion", version.id)
    assert event.actor == educator.id
    assert event.data == {"exam": str(exam.id), "number": 1}


def test_the_document_in_the_store_is_of_the_kept_questions_and_says_its_version(
    exam: Exam,
) -> None:
    exam.questions.filter(position=1).update(state=QuestionState.REJECTED)
    version = publish(exam)
    assert version.document.startswith(f"{exam.prefix}/v1-")
    with default_storage.open(version.document) as file:
        document = examgen_json.from_bytes(file.read())
    assert document.version == content.Version(1, version.sha256)
    assert document.title == exam.title
    assert [question.id for question in document.questions] == [
        str(question.id) for question in exam.questions.filter(position__gt=1)
    ]


def test_times_are_kept_in_utc_and_a_past_opening_is_now(exam: Exam) -> None:
    zone = timezone(timedelta(hours=5))
    at = datetime.now(zone)
    version = publish(
        exam,
        opens_at=at - 400 * DAY,
        closes_at=at + DAY,
        release=Release.ON_DATE,
        release_at=at + WEEK,
    )
    assert version.opens_at == version.published_at
    for moment in ("opens_at", "closes_at", "release_at"):
        assert version.policy[moment].endswith("+00:00")
    assert version.rules.closes_at == at + DAY


def test_a_later_opening_is_kept(exam: Exam) -> None:
    opens = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    assert publish(exam, opens_at=opens, closes_at=opens + DAY).opens_at == opens


def test_two_papers_of_the_same_questions_have_other_ids(educator: User) -> None:
    lecture = exams.lecture(educator)
    ids = []
    for _ in range(2):
        kinds = [Kind.SINGLE_CHOICE]
        version = publish(exams.reviewed(educator, of=lecture, kinds=kinds))
        (sheet,) = version.questions
        ids.append({option["id"] for option in sheet["options"]})
    assert ids[0].isdisjoint(ids[1])


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_published_and_its_paper_tells_no_key(
    educator: User, kind: Kind
) -> None:
    version = made.published(educator, kinds=[kind])
    (sheet,) = version.questions
    assert sheet["kind"] == kind
    text = json.dumps(version.paper)
    for secret in ("Yes.", "300.5", "guard cell", "One point", "The lecture says"):
        assert secret not in text


def test_what_the_checklist_holds_against_it_is_refused(
    exam: Exam, store: Path
) -> None:
    exam.questions.filter(position=1).update(state=QuestionState.PROPOSED)
    with pytest.raises(NotReadyError) as error:
        publish(exam, attempts=0)
    assert [check.code for check in error.value.problems] == [
        "undecided",
        "attempts_out_of_range",
    ]
    assert nothing_is_published(exam, store)


def test_a_course_that_one_does_not_teach_is_refused(
    exam: Exam, colleague: User, store: Path
) -> None:
    with pytest.raises(NotReadyError) as error:
        publishing.publish_exam(
            exam=exam,
            actor=exam.owner,
            policy=made.policy(),
            course=courses.course(colleague),
        )
    assert [check.code for check in error.value.problems] == ["course_foreign"]
    assert nothing_is_published(exam, store)


@pytest.mark.parametrize(
    "state", [state for state in ExamState if state != ExamState.DRAFT]
)
def test_only_a_draft_is_published(exam: Exam, store: Path, state: ExamState) -> None:
    Exam.objects.update(state=state)
    with pytest.raises(IllegalMoveError):
        publish(exam)
    Exam.objects.update(state=ExamState.DRAFT)
    assert nothing_is_published(exam, store)


def test_while_the_store_is_away_nothing_is_published(exam: Exam, store: Path) -> None:
    with stores.hooked(store, stores.refuse), pytest.raises(StoreError):
        publish(exam)
    assert nothing_is_published(exam, store)
    with stores.away(store), pytest.raises(StoreError):
        publish(exam)
    assert nothing_is_published(exam, store)
    assert publish(exam).number == 1


def edit(question: Question) -> None:
    authoring.edit_question(
        question=question,
        edited=replace(question.as_content(), stem="Another question?"),
        actor=question.exam.owner,
        revision=question.revision,
    )


def reopen(question: Question) -> None:
    authoring.decide(
        question=question,
        decision=QuestionState.PROPOSED,
        actor=question.exam.owner,
        revision=question.revision,
    )


def rename(question: Question) -> None:
    authoring.rename_exam(exam=question.exam, title="Another title")


@pytest.mark.parametrize("change", [edit, reopen, rename])
def test_a_draft_that_changes_in_this_moment_is_not_published(
    exam: Exam, store: Path, change: Any
) -> None:
    question = Question.objects.get(exam=exam, position=1)
    with (
        stores.hooked(store, lambda _name: change(question)),
        pytest.raises(ChangedMeanwhileError),
    ):
        publish(exam)
    assert nothing_is_published(exam, store)


def test_a_draft_that_is_deleted_in_this_moment_is_not_published(
    exam: Exam, store: Path
) -> None:
    def delete(_name: str) -> None:
        lectures.delete_exam(exam=Exam.objects.get(), actor=exam.owner)

    with stores.hooked(store, delete), pytest.raises(IllegalMoveError):
        publish(exam)
    assert not ExamVersion.objects.exists()
    assert {key for key in stores.objects(store) if "/v" in key} == set()


def test_of_two_publishers_one_wins_and_the_other_hears_of_it(
    shared_database: None, educator: User, store: Path
) -> None:
    def try_to_publish(exam_id: Any) -> str:
        mine = Exam.objects.get(id=exam_id)
        try:
            return publish(mine).document
        except IllegalMoveError:
            return ""

    for _ in range(3):
        exam = exams.reviewed(educator)
        done = together([partial(try_to_publish, exam.id)] * 4)
        (document,) = [name for name in done if name]
        assert exam.versions.get().document == document
        assert {key for key in stores.objects(store) if f"{exam.id}/v" in key} == {
            document
        }
    assert len(told("exam.published")) == 3


def test_an_edit_and_a_publication_at_once_never_part_paper_and_question(
    shared_database: None, educator: User
) -> None:
    def try_to(act: Any, *arguments: Any) -> str:
        try:
            act(*arguments)
        except (IllegalMoveError, ChangedMeanwhileError) as error:
            return type(error).__name__
        return "done"

    for _ in range(4):
        exam = exams.reviewed(educator)
        question = exam.questions.get(position=1)
        outcome = together(
            [partial(try_to, publish, exam), partial(try_to, edit, question)]
        )
        exam.refresh_from_db()
        stem = exam.questions.get(position=1).stem
        if version := exam.versions.first():
            assert version.questions[0]["stem"] == stem
            assert outcome[0] == "done"
        else:
            assert exam.state == ExamState.DRAFT
            assert outcome == ["ChangedMeanwhileError", "done"]


def test_no_two_exams_and_courses_share_a_code(
    exam: Exam, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = courses.course(exam.owner)
    other = made.published(exam.owner)
    codes = iter([course.code, other.code, "K7PM4XWD"])
    monkeypatch.setattr(publishing, "new_code", lambda: next(codes))
    assert publish(exam).code == "K7PM4XWD"


def test_nor_is_a_new_course_given_the_code_of_an_exam(
    educator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = made.published(educator)
    given = iter([exam.code, "K7PM4XWD", exam.code, "K7PM4XWE"])
    monkeypatch.setattr(services, "new_code", lambda: next(given))
    course = services.create_course(owner=educator, name="Botany")
    assert course.code == "K7PM4XWD"
    services.renew_code(course=course, actor=educator)
    assert course.code == "K7PM4XWE"


# Frozen


@pytest.mark.parametrize(
    "change",
    [
        {"paper": {"questions": []}},
        {"key": {}},
        {"policy": {}},
        {"sha256": "0" * 64},
        {"number": 2},
        {"title": "Another title"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_to_change_what_was_published(
    version: ExamVersion, change: dict[str, Any]
) -> None:
    rows = ExamVersion.objects.filter(id=version.id)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        rows.update(**change)
    assert rows.get().paper == version.paper


def test_a_version_may_be_saved_as_it_is_and_its_doors_moved(
    version: ExamVersion,
) -> None:
    stored = ExamVersion.objects.get()
    stored.closed_at = now()
    stored.save()
    assert ExamVersion.objects.get().closed_at == stored.closed_at


def test_neither_exam_nor_lecture_of_a_version_can_be_deleted(
    version: ExamVersion, educator: User
) -> None:
    exam = version.exam
    beside = exams.exam(educator, of=exam.lecture)
    for state in (ExamState.PUBLISHED, ExamState.CLOSED):
        Exam.objects.filter(id=exam.id).update(state=state)
        with pytest.raises(lectures.PublishedError):
            lectures.delete_exam(exam=exam, actor=educator)
        with pytest.raises(lectures.PublishedError):
            lectures.delete_lecture(lecture=exam.lecture, actor=educator)
    assert set(Exam.objects.all()) == {exam, beside}
    assert exam.questions.count() == 4
    assert not told("exam.deleted")
    assert not told("lecture.deleted")


def test_questions_and_title_of_a_published_exam_stay(version: ExamVersion) -> None:
    for change in (edit, reopen, rename):
        question = version.exam.questions.get(position=1)
        with pytest.raises(IllegalMoveError), transaction.atomic():
            change(question)
    question.refresh_from_db()
    assert (question.revision, question.state) == (1, QuestionState.ACCEPTED)
    assert Exam.objects.get().title == version.title


# Closing


def test_an_educator_closes_the_doors_and_it_is_told(
    version: ExamVersion, educator: User
) -> None:
    publishing.close_exam(version=version, actor=educator.id)
    stored = ExamVersion.objects.get()
    assert stored.closed_at == version.closed_at is not None
    assert stored.exam.state == ExamState.CLOSED
    (event,) = told("exam.closed")
    assert (event.subject_id, event.actor) == (version.id, educator.id)
    assert event.data == {"exam": str(version.exam_id), "number": 1}


def test_what_is_closed_is_not_closed_again(
    version: ExamVersion, educator: User
) -> None:
    publishing.close_exam(version=version, actor=educator.id)
    for actor in (educator.id, None):
        with pytest.raises(IllegalMoveError):
            publishing.close_exam(version=version, actor=actor)
    assert len(told("exam.closed")) == 1


def test_the_clock_closes_what_has_ended_and_nothing_else(educator: User) -> None:
    ended, running = versions.ended(educator), made.published(educator)
    endless = made.published(educator, closes_at=None, release=Release.MANUAL)
    assert publishing.close_ended() == 1
    assert publishing.close_ended() == 0
    ended.refresh_from_db()
    assert ended.closed_at is not None
    assert ended.exam.state == ExamState.CLOSED
    assert ExamVersion.objects.filter(closed_at=None).count() == 2
    (event,) = told("exam.closed")
    assert (event.subject_id, event.actor) == (ended.id, None)
    for version in (running, endless):
        with pytest.raises(IllegalMoveError):
            publishing.close_exam(version=version, actor=None)


def test_the_clock_does_not_close_what_was_moved_since_it_looked(
    educator: User,
) -> None:
    seen = versions.ended(educator)
    publishing.move_closing(
        version=ExamVersion.objects.get(), closes_at=now() + DAY, actor=educator
    )
    with pytest.raises(IllegalMoveError):
        publishing.close_exam(version=seen, actor=None)
    assert ExamVersion.objects.get().closed_at is None
    assert Exam.objects.get().state == ExamState.PUBLISHED


def test_of_many_who_close_at_once_one_does(
    shared_database: None, educator: User
) -> None:
    def close(actor: Any) -> int:
        try:
            publishing.close_exam(version=ExamVersion.objects.get(), actor=actor)
        except IllegalMoveError:
            return 0
        return 1

    versions.ended(educator)
    assert sum(together([partial(close, who) for who in (educator.id, None) * 3])) == 1
    assert len(told("exam.closed")) == 1


# Reopening and moving the end


def test_a_closed_exam_is_reopened_until_a_new_end(educator: User) -> None:
    version = versions.ended(educator)
    publishing.close_ended()
    version = ExamVersion.objects.get()
    publishing.release_results(version=version, actor=educator)
    until = now() + DAY
    publishing.reopen_exam(version=version, actor=educator, closes_at=until)
    stored = ExamVersion.objects.get()
    assert (stored.closed_at, stored.closes_at) == (None, until)
    assert stored.released_at is None, "results must not be seen while doors are open"
    assert stored.exam.state == ExamState.PUBLISHED
    assert stored.policy == version.policy
    (event,) = told("exam.reopened")
    assert (event.subject_id, event.actor) == (version.id, educator.id)
    assert event.data["closes_at"] == until.isoformat()


def test_only_what_is_closed_is_reopened(version: ExamVersion, educator: User) -> None:
    with pytest.raises(IllegalMoveError):
        publishing.reopen_exam(version=version, actor=educator, closes_at=now() + DAY)
    assert ExamVersion.objects.get().closes_at == version.closes_at
    assert not told("exam.reopened")


def test_the_end_of_open_doors_is_moved_and_told(
    version: ExamVersion, educator: User
) -> None:
    for until in (now() + 2 * WEEK, now() + DAY):
        publishing.move_closing(version=version, closes_at=until, actor=educator)
        stored = ExamVersion.objects.get()
        assert stored.closes_at == version.closes_at == until
        assert stored.policy == version.policy
    events = told("exam.rescheduled")
    assert [event.data["closes_at"] for event in events][-1] == until.isoformat()
    assert {event.subject_id for event in events} == {version.id}


def test_the_end_of_closed_doors_is_not_moved(
    version: ExamVersion, educator: User
) -> None:
    publishing.close_exam(version=version, actor=educator.id)
    with pytest.raises(IllegalMoveError):
        publishing.move_closing(version=version, closes_at=now() + DAY, actor=educator)
    assert not told("exam.rescheduled")


ENDS = ("end_over", "end_before_start", "end_too_far", "end_needed")


def ends() -> dict[str, datetime | None]:
    at = now()
    return {
        "end_over": at - timedelta(minutes=1),
        "end_before_start": at + timedelta(hours=1),
        "end_too_far": at + FARTHEST + DAY,
        "end_needed": None,
    }


@pytest.mark.parametrize("code", ENDS)
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_an_end_that_cannot_be_is_refused(
    exam: Exam, educator: User, code: str, closed: bool
) -> None:
    opens = now() + DAY
    version = publish(exam, opens_at=opens, closes_at=opens + DAY)
    if closed:
        publishing.close_exam(version=version, actor=educator.id)
    act = publishing.reopen_exam if closed else publishing.move_closing
    with pytest.raises(RefusedError) as error:
        act(version=version, closes_at=ends()[code], actor=educator)
    assert error.value.code == code
    stored = ExamVersion.objects.get()
    assert stored.closes_at == opens + DAY
    assert (stored.closed_at is None) is not closed


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_after_the_date_of_release_an_exam_keeps_its_end(
    educator: User, closed: bool
) -> None:
    version = versions.version(educator, release=Release.ON_DATE, release_at=now())
    if closed:
        publishing.close_exam(version=version, actor=educator.id)
    act = publishing.reopen_exam if closed else publishing.move_closing
    with pytest.raises(RefusedError) as error:
        act(version=version, closes_at=None, actor=educator)
    assert error.value.code == "end_needed"


def test_doors_may_have_no_end_when_release_does_not_wait_for_it(
    exam: Exam, educator: User
) -> None:
    version = publish(exam, release=Release.MANUAL)
    publishing.move_closing(version=version, closes_at=None, actor=educator)
    publishing.close_exam(version=version, actor=educator.id)
    publishing.reopen_exam(version=version, actor=educator, closes_at=None)
    assert ExamVersion.objects.get().closes_at is None


# Releasing


def test_results_of_a_closed_exam_are_released_once(
    version: ExamVersion, educator: User
) -> None:
    publishing.close_exam(version=version, actor=educator.id)
    publishing.release_results(version=version, actor=educator)
    stored = ExamVersion.objects.get()
    assert stored.released_at == version.released_at is not None
    for seen in (version, ExamVersion.objects.get()):
        publishing.release_results(version=seen, actor=educator)
    assert ExamVersion.objects.get().released_at == stored.released_at
    (event,) = told("exam.released")
    assert (event.subject_id, event.actor) == (version.id, educator.id)


def test_results_are_not_released_while_the_doors_are_open(
    version: ExamVersion, educator: User
) -> None:
    with pytest.raises(RefusedError) as error:
        publishing.release_results(version=version, actor=educator)
    assert error.value.code == "still_open"
    assert ExamVersion.objects.get().released_at is None
    assert not told("exam.released")


def test_results_of_an_exam_without_end_are_released_when_its_educator_says(
    exam: Exam, educator: User
) -> None:
    version = publish(exam, closes_at=None, release=Release.MANUAL)
    publishing.release_results(version=version, actor=educator)
    assert ExamVersion.objects.get().released_at is not None


def test_a_release_and_a_reopening_at_once_never_show_results_with_open_doors(
    shared_database: None, educator: User
) -> None:
    def release() -> None:
        version = ExamVersion.objects.get()
        with contextlib.suppress(RefusedError):
            publishing.release_results(version=version, actor=educator)

    def reopen_doors() -> None:
        publishing.reopen_exam(
            version=ExamVersion.objects.get(), actor=educator, closes_at=now() + DAY
        )

    version = made.published(educator)
    for _ in range(3):
        publishing.close_exam(version=ExamVersion.objects.get(), actor=educator.id)
        together([release, reopen_doors])
        version.refresh_from_db()
        assert (version.closed_at, version.released_at) == (None, None)


def test_a_policy_comes_back_from_the_version_as_it_was(educator: User) -> None:
    version = made.published(educator, minutes=45, pass_percent=Decimal("62.5"))
    assert isinstance(version.rules, Policy)
    assert version.rules.pass_percent == Decimal("62.5")
    assert Course.objects.count() == 0
