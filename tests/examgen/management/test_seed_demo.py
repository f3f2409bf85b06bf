"""Filling the demo: only in the demo, and as often as one likes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Course, Enrolment, User
from accounts.states import Role
from examgen.demo import answers
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams import samples
from exams.models import Exam, ExamVersion, Lecture
from exams.states import ExamState, LectureState, QuestionState
from notifications.models import Delivery
from notifications.states import Channel, DeliveryState
from scoring.models import Answer, Attempt
from scoring.services import live, scoreboard
from scoring.services.visibility import What, can_see
from scoring.states import AttemptState, ClosedBy
from tests.factories import stores

OURS = ("accounts", "exams", "scoring", "notifications", "jobs")
MIDTERM, QUIZ = "Midterm: the plant cell", "Quiz: how networks talk"


def test_without_the_demo_switched_on_nothing_is_made(db: None) -> None:
    with pytest.raises(CommandError, match="EXAMGEN_DEMO=1"):
        call_command("seed_demo")
    assert not User.objects.exists()
    assert not Lecture.objects.exists()


def test_what_starts_a_site_in_order_may_ask_for_a_demo_that_is_not_one(
    db: None,
) -> None:
    out = StringIO()
    call_command("seed_demo", "--if-demo", stdout=out)
    assert out.getvalue() == "No demo (EXAMGEN_DEMO is off): nothing to do.\n"
    assert not User.objects.exists()


def test_the_demo_is_filled_once_however_often_it_is_asked_for(
    db: None, settings, store: Path
) -> None:
    settings.DEMO = True
    changed = User.objects.create_user("student@example.com", "changed by a visitor")
    EmailAddress.objects.create(
        user=changed, email=changed.email, verified=True, primary=True
    )
    assert _seed().startswith("Preparing the demo: sample lectures become exams ...\n")

    _people_are_there(changed)
    _drafts_wait()
    _a_class_is_gathered()
    _the_midterm_is_over()
    _the_quiz_is_open()
    _who_may_know_was_told()
    # The demo's own pages are no part of the site that tests look at.
    settings.DEMO = False
    _the_open_exam_tells_nothing()
    settings.DEMO = True
    assert {job.state for job in Job.objects.all()} == {JobState.DONE}
    call_command("verify_invariants", stdout=StringIO())

    rows, objects, mails = _rows(), stores.objects(store), len(mail.outbox)
    assert _seed() == "Demo ready.\n"
    assert _rows() == rows
    assert stores.objects(store) == objects
    assert len(mail.outbox) == mails


def test_a_start_that_was_cut_short_is_gone_on_with(
    db: None, settings, store: Path, monkeypatch
) -> None:
    settings.DEMO = True
    of = answers.of

    def breaks_off(version: ExamVersion, name: str) -> list[answers.Given]:
        if name == "Mateo":
            raise KeyboardInterrupt
        return of(version, name)

    with monkeypatch.context() as patch:
        patch.setattr(answers, "of", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            _seed()
    begun = set(Attempt.objects.values_list("id", flat=True))
    assert 0 < len(begun) < 30

    assert _seed().splitlines()[-1].startswith("Demo ready (")
    assert begun < set(Attempt.objects.values_list("id", flat=True))
    assert User.objects.count() == 34
    _drafts_wait()
    _the_midterm_is_over()
    _the_quiz_is_open()
    call_command("verify_invariants", stdout=StringIO())


# What is there


def _people_are_there(changed: User) -> None:
    known = User.objects.filter(email__endswith="@example.com").order_by("email")
    assert list(known.values_list("email", "role", "is_staff", "is_superuser")) == [
        ("admin@example.com", Role.EDUCATOR, True, True),
        ("educator@example.com", Role.EDUCATOR, False, False),
        ("student@example.com", Role.STUDENT, False, False),
        ("taker@example.com", Role.STUDENT, False, False),
    ]
    for user in known.exclude(id=changed.id):
        assert user.check_password("examgen-demo")
    changed.refresh_from_db()
    assert changed.check_password("changed by a visitor")
    others = User.objects.filter(email__endswith="@example.org", role=Role.STUDENT)
    assert len({user.name for user in others}) == others.count() == 30
    assert not any(user.has_usable_password() for user in others)
    confirmed = EmailAddress.objects.filter(verified=True, primary=True)
    assert confirmed.count() == User.objects.count() == 34


def _drafts_wait() -> None:
    lectures = Lecture.objects.filter(owner__email="educator@example.com")
    assert {lecture.file_name for lecture in lectures} == {
        sample.file_name for sample in samples.SAMPLES
    }
    assert {lecture.state for lecture in lectures} == {LectureState.READ}
    drafts = Exam.objects.filter(state=ExamState.DRAFT)
    assert sorted(exam.title for exam in drafts) == [
        "Computer networks",
        "Plant cells",
        "Supply and demand",
    ]
    for exam in drafts:
        states = exam.questions.values_list("state", flat=True)
        assert list(states) == [QuestionState.PROPOSED] * 12
    assert Exam.objects.count() == 5


def _a_class_is_gathered() -> None:
    course = Course.objects.get()
    assert (course.name, course.owner.email, course.open_to_join, course.aliases) == (
        "First-year science",
        "educator@example.com",
        True,
        True,
    )
    assert Enrolment.objects.students().filter(course=course).count() == 32
    granted = [row for row in course.enrolments.all() if row.accommodated]
    assert {(str(row.user), row.multiplier, row.extra_minutes) for row in granted} == {
        ("Dalia", Decimal("1.5"), 0),
        ("Demo Taker", Decimal("1.5"), 0),
        ("Kofi", Decimal("1.25"), 0),
        ("Noa", Decimal(1), 15),
    }


def _the_midterm_is_over() -> None:
    version = ExamVersion.objects.select_related("exam").get(title=MIDTERM)
    assert version.exam.state == ExamState.CLOSED
    assert version.closes_at is not None
    assert version.closed_at is not None
    assert timedelta(0) <= version.closed_at - version.closes_at < timedelta(minutes=1)
    assert version.published_at < version.opens_at < version.closed_at < now()
    attempts = list(version.attempts.select_related("user"))
    assert {attempt.state for attempt in attempts} == {AttemptState.CLOSED}
    assert Counter(attempt.closed_by for attempt in attempts) == {
        ClosedBy.STUDENT: 29,
        ClosedBy.CLOCK: 1,
    }
    ends = [attempt.closed_at for attempt in attempts if attempt.closed_at is not None]
    assert len({end.replace(second=0, microsecond=0) for end in ends}) > 15
    for attempt in attempts:
        assert version.opens_at < attempt.started_at
        assert attempt.closed_at is not None
        assert attempt.started_at < attempt.closed_at < version.closed_at
        attempt.version = version
        assert can_see(attempt, What.SCORE, attempt.user, now())
        assert can_see(attempt, What.KEY, attempt.user, now())

    board = list(scoreboard.board(version))
    places = Counter(entry.place for entry in board)
    assert len(board) == 30
    assert len(places) > 10
    assert max(places.values()) > 1
    summary = scoreboard.summary(version)
    assert summary is not None
    assert 55 < summary.mean < 75
    assert summary.deviation > 10
    assert 22 <= summary.passed < 30
    students = User.objects.get(email="student@example.com")
    assert scoreboard.standing(version, students) is not None


def _the_quiz_is_open() -> None:
    version = ExamVersion.objects.select_related("exam").get(title=QUIZ)
    assert version.exam.state == ExamState.PUBLISHED
    assert version.closed_at is None
    assert version.closes_at is not None
    assert version.opens_at < now() < version.closes_at
    room = live.room(version, at=now())
    assert (room.working, room.done, room.absent) == (1, 0, 31)
    taker = room.takers[0]
    assert (taker.user.email, taker.answered) == ("taker@example.com", 6)
    assert taker.minutes_left is not None
    assert 120 < taker.minutes_left <= 133
    assert len(version.questions) == 12


def _who_may_know_was_told() -> None:
    """Thirty students' mails are switched off; what visitors may look at is not."""
    sent = Delivery.objects.filter(state=DeliveryState.SENT, channel=Channel.EMAIL)
    told = sent.values_list("message", "recipient__email")
    assert Counter(told) == {
        ("exam_ready", "educator@example.com"): 5,
        ("scoreboard_updated", "educator@example.com"): 1,
        ("exam_opened", "student@example.com"): 1,
        ("receipt", "student@example.com"): 1,
        ("result_released", "student@example.com"): 1,
        ("exam_opened", "taker@example.com"): 1,
    }
    assert len(mail.outbox) == 10
    lines = Delivery.objects.filter(channel=Channel.SITE, state=DeliveryState.SENT)
    educators = lines.filter(recipient__email="educator@example.com")
    assert Counter(educators.values_list("message", flat=True)) == {
        "exam_ready": 5,
        "scoreboard_updated": 1,
    }
    # Three drafts and the board; what was reviewed has been looked at.
    assert educators.unread().count() == 4


def _the_open_exam_tells_nothing() -> None:
    """Nobody in the class reads what proves an answer, or why it is right."""
    version = ExamVersion.objects.get(title=QUIZ)
    attempt = version.attempts.get()
    secret = [
        text
        for key in version.key.values()
        for text in (key["explanation"], *(e["quote"] for e in key["evidence"]))
        # A statement to be judged may be what the lecture says, word for word.
        if text and text not in {sheet["stem"] for sheet in version.questions}
    ]
    assert len(secret) >= 12
    pages = {
        "student@example.com": ["/", reverse("take", args=[version.exam_id])],
        "taker@example.com": [
            "/",
            reverse("attempt", args=[attempt.id]),
            *(
                f"{reverse('attempt', args=[attempt.id])}?q={number}"
                for number in range(1, 13)
            ),
        ],
    }
    for address, wanted in pages.items():
        browser = Client()
        browser.force_login(User.objects.get(email=address))
        for page in wanted:
            answer = browser.get(page)
            assert answer.status_code == 200, page
            assert not [text for text in secret if text in answer.content.decode()]
    facts = [str(row) for row in Delivery.objects.values_list("facts", flat=True)]
    events = [str(row) for row in Event.objects.values_list("data", flat=True)]
    letters = [str(letter.message()) for letter in mail.outbox]
    for said in (*facts, *events, *letters):
        assert not [text for text in secret if text in said]


def _seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def _rows() -> dict[str, int]:
    models: list[Any] = [
        model for app in OURS for model in apps.get_app_config(app).get_models()
    ]
    assert Answer in models
    return {model.__name__: model._default_manager.count() for model in models}
