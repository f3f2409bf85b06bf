"""Every list and row of the admin: few queries, no writing, nothing secret."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import EducatorRequest, Invitation, User
from api.models import Token
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams.models import Exam, ExamVersion, Lecture
from notifications.models import Delivery
from scoring.models import Attempt
from tests.examgen.office import world
from tests.examgen.office.world import MODELS, label, page
from tests.factories import people, shared
from tests.scoring.canary import SECRETS


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def _made(django_db_setup, django_db_blocker, home: Path) -> Iterator[None]:
    with shared.rows(django_db_blocker, home):
        world.some(2)
        yield


@pytest.fixture
def rows(_made: None, home: Path, db: None) -> Iterator[None]:
    with shared.store(home):
        yield


@pytest.fixture
def boss(rows: None) -> Client:
    return browser(people.admin())


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(client: Client, address: str, **query: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address, query).status_code == 200
    said = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in said if "clock_timestamp" not in sql]


def test_every_model_of_ours_that_staff_look_after_has_its_list() -> None:
    assert {label(model) for model in MODELS} == {
        "account.emailaddress",
        "accounts.course",
        "accounts.educatorrequest",
        "accounts.enrolment",
        "accounts.invitation",
        "accounts.user",
        "api.token",
        "auth.group",
        "exams.exam",
        "exams.examversion",
        "exams.lecture",
        "jobs.beat",
        "jobs.event",
        "jobs.job",
        "jobs.tick",
        "mfa.authenticator",
        "notifications.delivery",
        "scoring.attempt",
        "socialaccount.socialaccount",
    }


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_long_list_takes_as_many_queries_as_a_short_one(
    boss: Client, model: type[Model]
) -> None:
    boss.get(page(model))
    short = asked(boss, page(model))
    before = model._default_manager.count()
    world.some(3, beginning=10)
    assert model._default_manager.count() >= before + 3
    long = asked(boss, page(model))
    assert len(long) == len(short)
    assert len(long) <= 12


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_row_has_a_page_and_a_history(boss: Client, model: type[Model]) -> None:
    row = site._registry[model].get_queryset(request_of(boss)).first()
    assert row is not None
    shown = boss.get(page(model, "change", row.pk))
    assert shown.status_code == 200
    # Each list that it leads to is there.
    tools = shown.content.decode().partition('<ul class="object-tools">')[2]
    for link in re.findall(r'href="(/admin/[^"]+)"', tools.partition("</ul>")[0]):
        there = boss.get(link.replace("&amp;", "&"))
        assert (there.status_code, "e=1" in there.headers.get("Location", "")) in [
            (200, False),
            (302, False),
        ]
    assert boss.get(page(model, "history", row.pk)).status_code in (200, 302)


def request_of(client: Client) -> Any:
    return client.get(reverse("admin:index")).wsgi_request


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_list_is_searched_by_words_and_by_a_whole_id(
    boss: Client, model: type[Model]
) -> None:
    for words in ("owner-1", str(uuid.uuid4()), "%", "\\", "' or 1=1", "x" * 300):
        assert boss.get(page(model), {"q": words}).status_code == 200


@pytest.mark.parametrize("model", [Job, Event, Lecture, Exam, Attempt, Delivery, User])
def test_a_row_is_found_by_its_id_as_a_mail_quotes_it(
    boss: Client, model: type[Model]
) -> None:
    row = model._default_manager.first()
    assert row is not None
    found = boss.get(page(model), {"q": f" {row.pk} "})
    assert list(found.context["cl"].queryset) == [row]


# Nothing is written but by actions

READ_ONLY = [model for model in MODELS if model not in (User, Invitation, Group)]


@pytest.mark.parametrize("model", READ_ONLY, ids=label)
def test_rows_are_looked_at_and_not_written(boss: Client, model: type[Model]) -> None:
    row = site._registry[model].get_queryset(request_of(boss)).first()
    assert row is not None
    before = list(model._default_manager.order_by("pk").values())
    assert boss.post(page(model, "add"), {}).status_code == 403
    assert boss.post(page(model, "change", row.pk), {"name": "x"}).status_code == 403
    assert boss.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": str(row.pk)}
    boss.post(page(model), chosen)
    assert list(model._default_manager.order_by("pk").values()) == before


@pytest.mark.parametrize("model", [User, Invitation], ids=label)
def test_people_and_invitations_are_not_deleted_by_hand(
    boss: Client, model: type[Model]
) -> None:
    row = model._default_manager.first()
    assert row is not None
    assert boss.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert boss.get(page(User, "add")).status_code == 403


# Rights: to view is to look, to change is to act

ACTS: list[tuple[type[Model], str]] = [
    (model, name)
    for model in MODELS
    for name, action in (
        (action.__name__ if callable(action) else action, action)
        for action in site._registry[model].actions
    )
    if model is not Group
]


@pytest.mark.parametrize(
    ("model", "action"), ACTS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_whoever_may_only_look_is_offered_no_action(
    rows: None, model: type[Model], action: str
) -> None:
    right = f"{model._meta.app_label}.view_{model._meta.model_name}"
    looking = browser(people.staff("looking@example.org", right))
    row = site._registry[model].get_queryset(request_of(looking)).first()
    assert row is not None
    shown = looking.get(page(model))
    assert shown.status_code == 200
    assert f'value="{action}"' not in shown.content.decode()
    assert f'value="{action}"' not in (
        looking.get(page(model, "change", row.pk)).content.decode()
    )
    events = Event.objects.count()
    form = {"action": action, "_selected_action": str(row.pk), "reason": "x"}
    looking.post(page(model), form)
    assert Event.objects.count() == events


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_without_a_right_of_its_own_a_list_is_closed(
    rows: None, model: type[Model]
) -> None:
    other = "scoring.view_grade"
    helper = browser(people.staff("helper@example.org", other))
    assert helper.get(page(model)).status_code == 403
    row = model._default_manager.first()
    assert row is not None
    assert helper.get(page(model, "change", row.pk)).status_code == 403
    assert helper.get(page(model, "history", row.pk)).status_code == 403


def test_groups_are_for_superusers_whatever_rights_staff_have(rows: None) -> None:
    rights = [f"auth.{verb}_group" for verb in ("view", "add", "change", "delete")]
    helper = browser(people.staff("helper@example.org", *rights))
    group = Group.objects.first()
    assert group is not None
    addresses = [page(Group), page(Group, "add"), page(Group, "change", group.pk)]
    assert [helper.get(one).status_code for one in addresses] == [403] * 3
    assert browser(people.admin()).get(addresses[2]).status_code == 200


def test_staff_gives_nobody_rights_not_even_by_a_forged_form(rows: None) -> None:
    helper = people.staff("helper@example.org", "accounts.change_user")
    student = User.objects.get(email="taker-0@example.org")
    forged = {"name": "Sam", "is_staff": "on", "is_superuser": "on"}
    for user in (student, helper):
        browser(helper).post(page(User, "change", user.pk), forged)
        user.refresh_from_db()
    assert (student.name, student.is_staff, student.is_superuser) == (
        "Sam",
        False,
        False,
    )
    # Accounts of staff are closed to them, their own too.
    assert (helper.name, helper.is_superuser) == ("", False)


def test_a_superuser_gives_rights_by_the_form_and_takes_none_of_their_own(
    rows: None,
) -> None:
    boss = people.admin()
    client = browser(boss)
    student = User.objects.get(email="taker-0@example.org")
    form = {"name": "Sam", "is_staff": "on"}
    assert client.post(page(User, "change", student.pk), form).status_code == 302
    student.refresh_from_db()
    assert (student.name, student.is_staff, student.is_superuser) == (
        "Sam",
        True,
        False,
    )
    assert Event.objects.filter(name="user.rights_changed").count() == 1
    client.post(page(User, "change", boss.pk), {"name": "Boss"})
    boss.refresh_from_db()
    assert (boss.name, boss.is_staff, boss.is_superuser) == ("Boss", True, True)


# What nobody need know


def everything(client: Client) -> Iterator[tuple[str, str]]:
    """Every list and every page of every row that this person may open."""
    for model in MODELS:
        for address in (
            page(model),
            *(
                page(model, "change", pk)
                for pk in model._default_manager.values_list("pk", flat=True)
            ),
        ):
            answer = client.get(address)
            if answer.status_code == 200:
                yield address, answer.content.decode()


def failed_with_a_key() -> Job:
    """A job whose traceback quotes what an exam asks."""
    job = Job.objects.first()
    assert job is not None
    quote = f"ValueError: {SECRETS[0]} is no option"
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DEAD, error_code="ValueError", error_detail=quote
    )
    return job


def test_no_page_of_the_admin_holds_a_key_a_paper_or_a_secret(boss: Client) -> None:
    """Not even a superuser's; but for tracebacks, which those see who mend things."""
    token = Token.objects.first()
    assert token is not None
    secrets = (*SECRETS, "A question of kind", token.digest, "JBSWY3DPEHPK3PXP")
    pages = list(everything(boss))
    assert len(pages) > 60
    assert [(a, s) for a, body in pages for s in secrets if s in body] == []


def test_a_traceback_that_quotes_a_key_is_for_those_who_act(rows: None) -> None:
    job = failed_with_a_key()
    looking = people.staff("looking@example.org", "jobs.view_job", "jobs.view_event")
    bodies = [body for _address, body in everything(browser(looking))]
    assert len(bodies) > 10
    assert not any(SECRETS[0] in body for body in bodies)
    # Nor can it be guessed by searching.
    found = browser(looking).get(page(Job), {"q": SECRETS[0]})
    assert list(found.context["cl"].queryset) == []
    acting = browser(people.staff("acting@example.org", "jobs.change_job"))
    assert SECRETS[0] in acting.get(page(Job, "change", job.pk)).content.decode()


@pytest.mark.parametrize(
    ("model", "guess"),
    [
        (ExamVersion, "key__icontains"),
        (ExamVersion, "paper__icontains"),
        (Exam, "findings__icontains"),
        (Exam, "questions__explanation__icontains"),
        (Lecture, "pages__text__icontains"),
        (Attempt, "snapshot__icontains"),
        (Attempt, "version__key__icontains"),
        (Attempt, "user__password__startswith"),
        (Job, "error_detail__icontains"),
        (Job, "event__data__icontains"),
        (User, "password__startswith"),
        (Token, "digest__startswith"),
        (Authenticator, "data__icontains"),
        (Delivery, "recipient__password__startswith"),
    ],
)
def test_nothing_is_guessed_by_addresses_that_compare_what_is_not_shown(
    boss: Client, model: type[Model], guess: str
) -> None:
    assert boss.get(page(model), {guess: "a"}).status_code == 400


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_filter_that_a_list_offers_works(
    boss: Client, model: type[Model]
) -> None:
    shown = boss.get(page(model)).content.decode()
    offered = set(re.findall(r'href="(\?[^"]+)"', shown))
    for query in offered:
        answer = boss.get(page(model) + query.replace("&amp;", "&"))
        assert answer.status_code == 200, query


@pytest.mark.parametrize("address", [page(ExamVersion), page(Attempt), page(Exam)])
def test_lists_read_neither_paper_nor_key_nor_answers(
    boss: Client, address: str
) -> None:
    said = " ".join(asked(boss, address))
    for column in ("paper", "key", "snapshot", "findings"):
        assert f'"{column}"' not in said


def test_names_of_people_in_the_log_are_for_those_who_may_see_people(
    rows: None,
) -> None:
    log = browser(people.staff("log@example.org", "jobs.view_event"))
    assert "owner-0@example.org" not in log.get(page(Event)).content.decode()
    both = people.staff("both@example.org", "jobs.view_event", "accounts.view_user")
    assert "owner-0@example.org" in browser(both).get(page(Event)).content.decode()


def test_wishes_list_those_who_wait(boss: Client) -> None:
    assert EducatorRequest.objects.count() > 2
    said = boss.get(page(EducatorRequest)).content.decode()
    assert "wish-0@example.org" in said
    assert "taker-0@example.org" not in said
