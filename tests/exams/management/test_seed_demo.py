"""Filling the demo: only in the demo, and as often as one likes."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.states import Role
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams import samples
from exams.models import Exam, Lecture, Question
from exams.states import ExamState, LectureState
from tests.factories import stores


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
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert out.getvalue().endswith("\nDemo ready (6 jobs run).\n")

    people = User.objects.order_by("email").values_list(
        "email", "role", "is_staff", "is_superuser"
    )
    assert list(people) == [
        ("admin@example.com", Role.EDUCATOR, True, True),
        ("educator@example.com", Role.EDUCATOR, False, False),
        ("student@example.com", Role.STUDENT, False, False),
    ]
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 3
    for user in User.objects.exclude(id=changed.id):
        assert user.check_password("examgen-demo")
    changed.refresh_from_db()
    assert changed.check_password("changed by a visitor")

    lectures = Lecture.objects.filter(owner__email="educator@example.com")
    assert {lecture.file_name for lecture in lectures} == {
        sample.file_name for sample in samples.SAMPLES
    }
    assert {lecture.state for lecture in lectures} == {LectureState.READ}
    assert {exam.state for exam in Exam.objects.all()} == {ExamState.DRAFT}
    for exam in Exam.objects.all():
        assert exam.questions.count() == 12
    assert {job.state for job in Job.objects.all()} == {JobState.DONE}
    call_command("verify_invariants", stdout=StringIO())

    counts = _counts()
    objects = stores.objects(store)
    again = StringIO()
    call_command("seed_demo", stdout=again)
    assert again.getvalue() == "Demo ready.\n"
    assert _counts() == counts
    assert stores.objects(store) == objects


def _counts() -> list[int]:
    models = (User, EmailAddress, Lecture, Exam, Question, Event, Job)
    return [model.objects.count() for model in models]
