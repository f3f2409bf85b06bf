"""Rows of every list of the admin, as many as a test asks for."""

from __future__ import annotations

from datetime import timedelta

from allauth.socialaccount.models import SocialAccount
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.db.models import Model
from django.urls import reverse

from accounts.services import courses as course_services
from accounts.services import invitations
from api.services.tokens import make_token
from examgen.jobs.clock import now
from examgen.jobs.events import record
from examgen.jobs.models import Beat, Tick
from exams.models import ExamVersion
from scoring.models import Attempt
from tests.factories import attempts, courses, deliveries, people
from tests.scoring import canary

MODELS = sorted(site._registry, key=lambda model: model._meta.label_lower)


def label(model: type[Model]) -> str:
    return str(model._meta.label_lower)


def page(model: type[Model], name: str = "changelist", *args: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)


def some(number: int, beginning: int = 0) -> None:
    """So many rows in each list, all of different people, lectures and courses."""
    boss = people.admin(f"boss-{beginning}@example.org")
    for n in range(beginning, beginning + number):
        at = now()
        owner = people.educator(f"owner-{n}@example.org")
        taker = people.student(f"taker-{n}@example.org")
        people.student(f"wish-{n}@example.org", educator_requested_at=at)
        course = courses.course(owner, taker)
        courses.invite(course, f"invited-{n}@example.org")
        invitations.invite_educator(email=f"teach-{n}@example.org", actor=boss)
        version = canary.published(owner, course)
        record("exam.published", version, actor=owner.id)
        taken(version, taker)
        deliveries.told(version.exam)
        people.second_factor(taker)
        SocialAccount.objects.create(user=taker, provider="oidc", uid=str(n))
        make_token(user=taker, name="Mine", scopes=["me:read"], lasts=timedelta(days=1))
        Beat.objects.create(worker=f"fast@host:{n}", queue="fast", at=at)
        Tick.objects.create(name=f"tick.{n}")
        Group.objects.create(name=f"Group {n}")
        course_services.change_course(course=course, actor=owner, name=f"Course {n}")


def taken(version: ExamVersion, taker: object) -> Attempt:
    return attempts.closed(version, taker)
