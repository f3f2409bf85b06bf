"""The queue of wishes to make exams, as admins work through it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import people as services
from examgen.jobs.models import Event
from tests.factories import courses, people
from tests.factories.lectures import run_jobs

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/educatorrequest/"
RIGHT = "accounts.change_educatorrequest"


@pytest.fixture
def browser() -> Client:
    """Somebody who decides wishes, and sees nothing else of people."""
    client = Client()
    client.force_login(people.staff("head@example.org", RIGHT))
    return client


@pytest.fixture
def wish(settings) -> User:
    settings.EDUCATOR_SIGNUP = "approval"
    person = people.student("wish@example.org", name="Sam Root")
    services.welcome(user=person, wants_to_teach=True)
    run_jobs()
    mail.outbox.clear()
    return person


def act(browser: Client, action: str, *users: User, **more: str) -> str:
    chosen = [str(user.pk) for user in users]
    form = {"action": action, "_selected_action": chosen, **more}
    return browser.post(LIST, form, follow=True).content.decode()


def test_who_waits_is_listed_with_how_long(browser: Client, wish: User) -> None:
    said = browser.get(LIST).content.decode()
    assert wish.email in said
    assert browser.get("/admin/accounts/user/").status_code == 403


def test_who_is_approved_is_told_and_leaves_the_queue(
    browser: Client, wish: User
) -> None:
    assert "1 person may make exams now." in act(browser, "approve", wish)
    act(browser, "approve", wish)
    event = Event.objects.get(name="user.became_educator")
    assert (event.subject_type, event.subject_id) == ("user", wish.id)
    run_jobs()
    wish.refresh_from_db()
    assert wish.is_educator
    (told,) = mail.outbox
    assert (told.to, told.subject) == ([wish.email], "You may make exams")
    assert wish.email not in browser.get(LIST).content.decode()


def test_declining_asks_for_the_reason_and_tells_it_once(
    browser: Client, wish: User
) -> None:
    asked = act(browser, "decline", wish)
    assert "Sam Root" in asked
    assert 'name="reason"' in asked
    empty = act(browser, "decline", wish, reason=" ")
    assert "Say why: the person is told." in empty
    assert not Event.objects.filter(name="user.educator_declined").exists()
    reason = "We know no <Sam> who teaches."
    assert "1 wish is declined." in act(browser, "decline", wish, reason=reason)
    act(browser, "decline", wish, reason=reason)
    run_jobs()
    wish.refresh_from_db()
    assert not wish.is_educator
    (told,) = mail.outbox
    assert told.to == [wish.email]
    assert reason in told.body
    assert "&lt;Sam&gt;" in str(told.alternatives[0])


def test_whoever_may_look_alone_decides_nothing(wish: User) -> None:
    client = Client()
    right = "accounts.view_educatorrequest"
    client.force_login(people.staff("looking@example.org", right))
    act(client, "approve", wish)
    act(client, "decline", wish, reason="No")
    wish.refresh_from_db()
    assert wish.educator_requested_at is not None
    assert not wish.is_educator


def test_people_who_ask_for_nothing_are_not_decided(
    browser: Client, wish: User, student: User
) -> None:
    act(browser, "approve", student)
    act(browser, "decline", student, reason="No")
    student.refresh_from_db()
    assert (student.is_educator, student.educator_declined_at) == (False, None)


def test_who_comes_by_an_invitation_is_not_told_twice(educator: User) -> None:
    boss, guest = people.admin(), people.student("guest@example.org")
    services.grant_educator(user=guest, actor=boss, invited=True)
    run_jobs()
    assert mail.outbox == []


# What else is done to people


def test_a_deed_that_is_refused_names_whom_and_why() -> None:
    boss = people.admin()
    client = Client()
    client.force_login(boss)
    student = people.student()
    page = reverse("admin:accounts_user_changelist")
    chosen = [str(boss.pk), str(student.pk)]
    form = {"action": "deactivate", "_selected_action": chosen}
    said = client.post(page, form, follow=True).content.decode()
    assert "1 account is closed." in said
    assert f"Not done to {boss.email}: Nobody does this to their own" in said
    assert User.objects.filter(is_active=True).get() == boss


def test_an_invitation_is_withdrawn_once() -> None:
    client = Client()
    client.force_login(people.admin())
    course = courses.course(people.educator())
    waiting = courses.invite(course)
    page = reverse("admin:accounts_invitation_changelist")
    form = {"action": "withdraw", "_selected_action": str(waiting.pk)}
    assert "1 invitation is withdrawn." in (
        client.post(page, form, follow=True).content.decode()
    )
    client.post(page, form)
    assert Event.objects.filter(name="invitation.withdrawn").count() == 1
