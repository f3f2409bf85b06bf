"""No byte from which a key could be told reaches a student before its time.

Everything that only the key knows carries a marker (see `canary`). A student then asks
for all that there is to ask for, in every state of exam and attempt, and no answer and
no mail may hold it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Release
from exams.services import publishing
from notifications.models import Delivery
from scoring.models import Attempt
from scoring.services import closing
from scoring.services.attempts import start
from scoring.views import results
from tests.factories import attempts, courses, people, versions
from tests.factories.lectures import run_jobs
from tests.scoring import canary
from tests.scoring.canary import SECRETS, ask, ask_everything, hits
from tests.scoring.views.conftest import signed_in

pytestmark = pytest.mark.one_database

Publish = Callable[..., ExamVersion]
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def publish(educator: User, course: Course) -> Publish:
    def make(**rules: Any) -> ExamVersion:
        return canary.published(educator, course, **rules)

    return make


# The student's part


def _not_started(_version: ExamVersion, _student: User) -> None:
    return None


def _open(version: ExamVersion, student: User) -> Attempt:
    return attempts.started(version, student)


def _answered(version: ExamVersion, student: User) -> Attempt:
    attempt = attempts.started(version, student)
    # Wrong everywhere, so that nothing the student wrote is the marker.
    attempts.saved(attempt, versions.wrong_answers(version))
    return attempt


def _handed_in(version: ExamVersion, student: User) -> Attempt:
    return attempts.closed(version, student, versions.wrong_answers(version))


def _ran_out(version: ExamVersion, student: User) -> Attempt:
    attempt = attempts.run_out(_answered(version, student))
    closing.close_expired()
    return attempt


def _taken_out(version: ExamVersion, student: User) -> Attempt:
    attempt = _handed_in(version, student)
    closing.void(attempt=attempt, reason="x", actor=version.exam.owner)
    return attempt


Part = Callable[[ExamVersion, User], Attempt | None]
PARTS: list[Part] = [_not_started, _open, _answered, _handed_in, _ran_out, _taken_out]
RELEASES: list[dict[str, Any]] = [
    {"release": Release.MANUAL},
    {"release": Release.AFTER_CLOSE},
    {"release": Release.ON_DATE, "release_at": datetime(2099, 1, 1, tzinfo=UTC)},
    # Another attempt is possible, in which the key could be used.
    {"release": Release.AT_SUBMIT, "attempts": 3},
]


def _name(of: Any) -> str:
    return str(of.__name__.strip("_"))


@pytest.mark.parametrize("part", PARTS, ids=_name)
@pytest.mark.parametrize("rules", RELEASES, ids=lambda rules: rules["release"].value)
def test_nothing_that_a_student_can_ask_for_holds_the_key(
    publish: Publish, student: User, *, rules: dict[str, Any], part: Part
) -> None:
    version = publish(**rules)
    record("exam.published", version)
    attempt = part(version, student)
    run_jobs()
    _assert_mails_are_clean()
    client = signed_in(student)
    asked = ask_everything(client, version.exam, attempt, user=student)
    assert hits(asked) == []
    # What was asked for was really there.
    assert sum(answer.status == 200 for answer in asked) >= 3
    assert {answer.status for answer in asked if answer.status >= 500} == set()


# The exam's part: each returns the exam with an attempt that was handed in


def _closed(version: ExamVersion, student: User) -> Attempt:
    attempt = _handed_in(version, student)
    publishing.close_exam(version=version, actor=version.exam.owner_id)
    return attempt


def _ended_by_the_clock(version: ExamVersion, student: User) -> Attempt:
    attempt = _handed_in(version, student)
    ExamVersion.objects.filter(pk=version.pk).update(closes_at=now())
    assert publishing.close_ended() == 1
    return attempt


def _closed_with_somebody_at_it(version: ExamVersion, student: User) -> Attempt:
    attempts.started(version, User.objects.get(email="kim@example.org"))
    return _closed(version, student)


def _released_and_reopened(version: ExamVersion, student: User) -> Attempt:
    attempt = _closed(version, student)
    actor = version.exam.owner
    publishing.release_results(version=version, actor=actor)
    publishing.reopen_exam(version=version, actor=actor, closes_at=now() + AN_HOUR)
    return attempt


def _dated_and_moved(version: ExamVersion, student: User) -> Attempt:
    """The date of release has come, and the end was moved past it."""
    attempt = _handed_in(version, student)
    publishing.move_closing(
        version=version, actor=version.exam.owner, closes_at=now() + AN_HOUR
    )
    return attempt


def _dated_and_reopened(version: ExamVersion, student: User) -> Attempt:
    attempt = _closed(version, student)
    publishing.reopen_exam(
        version=version, actor=version.exam.owner, closes_at=now() + AN_HOUR
    )
    return attempt


def _closed_again(version: ExamVersion, student: User) -> Attempt:
    attempt = _released_and_reopened(version, student)
    publishing.close_exam(version=version, actor=version.exam.owner_id)
    return attempt


LATER = RELEASES[2]
PAST = {"release": Release.ON_DATE, "release_at": datetime(2020, 1, 1, tzinfo=UTC)}
HIDDEN: list[tuple[Part, dict[str, Any]]] = [
    (_closed, {}),
    (_closed, LATER),
    (_ended_by_the_clock, {}),
    (_ended_by_the_clock, LATER),
    (_closed_with_somebody_at_it, {"release": Release.AFTER_CLOSE}),
    (_released_and_reopened, {}),
    (_released_and_reopened, LATER),
    (_released_and_reopened, {"release": Release.AFTER_CLOSE}),
    (_closed_again, {}),
    (_dated_and_moved, PAST),
    (_dated_and_reopened, PAST),
    (_closed_with_somebody_at_it, PAST),
]


@pytest.mark.usefixtures("classmate")
@pytest.mark.parametrize(("state", "rules"), HIDDEN)
def test_nor_does_an_exam_whose_results_are_not_out(
    publish: Publish, student: User, *, state: Part, rules: dict[str, Any]
) -> None:
    version = publish(**rules)
    attempt = state(version, student)
    run_jobs()
    _assert_mails_are_clean()
    asked = ask_everything(signed_in(student), version.exam, attempt, user=student)
    assert hits(asked) == []


@pytest.mark.parametrize("name", sorted(canary.APART))
def test_nor_does_a_page_that_reads_no_exam(
    publish: Publish,
    student: User,
    name: str,
    django_assert_max_num_queries: Any,
) -> None:
    _handed_in(publish(), student)
    client = signed_in(student)
    with django_assert_max_num_queries(20) as captured:
        answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert hits([canary.asked(name, answer)]) == []
    assert not any("exams_" in query["sql"] for query in captured.captured_queries)


@pytest.mark.parametrize(("opens", "closes"), [(1, 2), (-2, -1)])
def test_nor_an_exam_outside_its_hours(
    publish: Publish, student: User, *, opens: int, closes: int
) -> None:
    hours = [now() + timedelta(hours=number) for number in (opens, closes)]
    version = publish(opens_at=hours[0], closes_at=hours[1])
    asked = ask_everything(signed_in(student), version.exam, None, user=student)
    assert hits(asked) == []
    # Nor are there questions of it in any answer.
    stems = [sheet["stem"].encode() for sheet in version.questions]
    assert [a.what for a in asked if any(stem in a.body for stem in stems)] == []


@pytest.mark.usefixtures("course")
def test_nor_a_draft(educator: User, student: User) -> None:
    exam = canary.drafted(educator)
    stems = [question.stem.encode() for question in exam.questions.all()]
    for client in (signed_in(student), Client()):
        asked = ask_everything(client, exam, None)
        assert hits(asked) == []
        assert [a.what for a in asked if any(stem in a.body for stem in stems)] == []
    # The educator sees all of it, so it was really there.
    assert hits(ask(signed_in(educator), exam, None)) != []


def test_nor_does_anybody_else_learn_of_it(
    publish: Publish, student: User, classmate: User, colleague: User
) -> None:
    """Not even who studies beside the student, or teaches something else."""
    version = publish(release=Release.AT_SUBMIT)
    attempt = _handed_in(version, student)
    for other in (classmate, people.student("zoe@example.org"), colleague):
        asked = ask_everything(signed_in(other), version.exam, attempt, user=other)
        assert hits(asked) == []
    assert hits(ask_everything(Client(), version.exam, attempt)) == []


@pytest.mark.parametrize("part", PARTS, ids=_name)
def test_nor_does_an_educator_who_takes_it_as_a_student(
    publish: Publish, course: Course, colleague: User, part: Part
) -> None:
    courses.enrol(course, colleague)
    version = publish()
    attempt = part(version, colleague)
    asked = ask_everything(signed_in(colleague), version.exam, attempt, user=colleague)
    assert hits(asked) == []


def test_nor_does_leaving_the_course_bring_it_to_light(
    publish: Publish, course: Course, student: User
) -> None:
    """Whoever could come back could use it in another attempt."""
    version = publish(release=Release.AT_SUBMIT, attempts=2)
    attempt = _handed_in(version, student)
    client = signed_in(student)
    client.post(reverse("course_leave", args=[course.id]))
    assert not course.enrolments.students().filter(user=student).exists()
    assert hits(ask(client, version.exam, attempt)) == []


# Which of the options are right: no word says it, so two exams are compared


@pytest.mark.parametrize("part", PARTS, ids=_name)
def test_nothing_depends_on_what_is_right(
    publish: Publish, student: User, part: Part
) -> None:
    version = publish()
    attempt = part(version, student)
    client = signed_in(student)
    first = canary.comparable(ask(client, version.exam, attempt))
    canary.turned_round(version, attempt)
    second = canary.comparable(ask(client, version.exam, attempt))
    assert [a[0] for a, b in zip(first, second, strict=True) if a != b] == []


def test_after_the_release_it_depends_on_it(publish: Publish, student: User) -> None:
    kinds = [kind for kind in Kind if kind != Kind.ESSAY]
    questions = [canary.question(kind) for kind in kinds]
    version = publish(release=Release.AT_SUBMIT, questions=questions)
    attempt = _handed_in(version, student)
    client = signed_in(student)
    first = canary.comparable(ask(client, version.exam, attempt))
    canary.turned_round(version, attempt)
    second = canary.comparable(ask(client, version.exam, attempt))
    differing = {a[0] for a, b in zip(first, second, strict=True) if a != b}
    pages = ("/", reverse("results"), reverse("result", args=[attempt.id]))
    programs = (reverse("api:shelf"), reverse("api:result", args=[attempt.id]))
    assert differing == {
        *(f"GET {page}{way}" for page in pages for way in ("", " (htmx)")),
        *(f"GET {program}" for program in programs),
    }


# Mails


@pytest.mark.parametrize("release", [Release.MANUAL, Release.AT_SUBMIT])
def test_no_mail_holds_it_even_when_the_result_is_out(
    publish: Publish, student: User, release: Release
) -> None:
    """Mails lie about in mailboxes that others read: they lead to the page."""
    kinds = [kind for kind in Kind if kind != Kind.ESSAY]
    questions = [canary.question(kind) for kind in kinds]
    version = publish(release=release, questions=questions)
    _closed(version, student)
    publishing.release_results(version=version, actor=version.exam.owner)
    run_jobs()
    assert Delivery.objects.filter(message="result_released").count() == 2
    _assert_mails_are_clean()


def _assert_mails_are_clean() -> None:
    sent = [bytes(message.message()) for message in mail.outbox]
    plain = [f"{m.subject} {m.body} {m.alternatives}" for m in mail.outbox]
    assert len(sent) >= 1
    assert [s for s in SECRETS if any(s in text for text in plain)] == []
    assert [s for s in SECRETS if any(s.encode() in text for text in sent)] == []
    told = str(list(Delivery.objects.values_list("facts", flat=True)))
    assert [s for s in SECRETS if s in told] == []


# These tests could fail


@pytest.mark.parametrize("release", [Release.AT_SUBMIT, Release.MANUAL])
def test_after_the_release_the_student_sees_all_of_it(
    publish: Publish, student: User, release: Release
) -> None:
    """Else this test would find nothing because there is nothing to find."""
    version = publish(release=release)
    attempt = _closed(version, student)
    if release == Release.MANUAL:
        publishing.release_results(version=version, actor=version.exam.owner)
    asked = ask(signed_in(student), version.exam, attempt)
    found = hits(asked)
    assert {secret for _, secret in found} == set(SECRETS)
    picture = reverse("result_page", args=[attempt.id, 1])
    assert (f"GET {picture}", canary.CANARY) in found


def test_a_page_that_did_not_ask_would_be_found(
    publish: Publish, student: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "can_see", lambda *_: True)
    version = publish()
    attempt = _handed_in(version, student)
    where = {what for what, _ in hits(ask(signed_in(student), version.exam, attempt))}
    result = reverse("result", args=[attempt.id])
    picture = reverse("result_page", args=[attempt.id, 1])
    for_programs = reverse("api:result_page", args=[attempt.id, 1])
    shown = (result, f"{result} (htmx)", picture, for_programs)
    assert where == {f"GET {page}" for page in shown}


def test_a_paper_that_held_it_would_be_found(publish: Publish, student: User) -> None:
    asked = canary.question(Kind.ESSAY)
    leaky = replace(asked, stem=f"{asked.stem} {asked.explanation}")
    version = publish(questions=[leaky])
    attempt = _open(version, student)
    where = {what for what, _ in hits(ask(signed_in(student), version.exam, attempt))}
    assert f"GET {reverse('attempt', args=[attempt.id])}" in where


def test_pages_of_takers_do_not_even_read_the_key(
    publish: Publish, student: User, django_assert_num_queries: Any
) -> None:
    version = publish()
    attempt = start(user=student, version=version, at=now())
    client = signed_in(student)
    with django_assert_num_queries(4) as captured:
        client.get(reverse("attempt", args=[attempt.id]))
    said = [query["sql"] for query in captured.captured_queries]
    assert not any('"exams_examversion"."key"' in sql for sql in said)
    assert any('"exams_examversion"."paper"' in sql for sql in said)


@pytest.mark.parametrize("address", ["/", "/results/"])
def test_lists_of_takers_read_neither_key_nor_paper(
    publish: Publish,
    student: User,
    django_assert_max_num_queries: Any,
    address: str,
) -> None:
    """One exam to take, one begun, one that comes, one handed in, one released."""
    publish()
    attempts.started(publish(), student)
    later = now() + AN_HOUR
    publish(opens_at=later, closes_at=later + AN_HOUR)
    for release in (Release.MANUAL, Release.AT_SUBMIT):
        attempts.closed(publish(release=release), student)
    client = signed_in(student)
    with django_assert_max_num_queries(15) as captured:
        assert client.get(address).status_code == 200
    said = " ".join(query["sql"] for query in captured.captured_queries)
    assert '"exams_examversion"."title"' in said
    for column in ("examversion.key", "examversion.paper", "attempt.snapshot"):
        assert column.replace(".", '"."') not in said
