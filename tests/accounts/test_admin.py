"""Staff grant the educator's role, and come in by the door of everybody."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from examgen.jobs.models import Event
from tests.factories import people


@pytest.fixture
def admin(db: None) -> User:
    return people.admin()


@pytest.fixture
def browser(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def test_the_action_grants_the_role_to_everybody_ticked(
    browser: Client, admin: User, student: User
) -> None:
    other = people.student("other@example.org")
    left = people.student("left@example.org")
    response = browser.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "grant_educator", "_selected_action": [student.id, other.id]},
        follow=True,
    )
    assert response.status_code == 200
    assert "2 people may make exams now." in response.content.decode()
    roles = dict(User.objects.values_list("email", "role"))
    assert roles[student.email] == roles[other.email] == Role.EDUCATOR
    assert roles[left.email] == Role.STUDENT
    events = Event.objects.filter(name="user.became_educator")
    assert {event.subject_id for event in events} == {student.id, other.id}
    assert {event.actor for event in events} == {admin.id}


def test_the_new_educator_may_make_exams_at_once(
    browser: Client, student: User
) -> None:
    theirs = Client()
    theirs.force_login(student)
    assert theirs.get(reverse("lectures")).status_code == 403
    browser.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "grant_educator", "_selected_action": [student.id]},
    )
    assert theirs.get(reverse("lectures")).status_code == 200


def test_a_role_cannot_be_typed_into_the_form(browser: Client, student: User) -> None:
    address = reverse("admin:accounts_user_change", args=[student.id])
    page = browser.get(address)
    assert page.status_code == 200
    assert 'name="role"' not in page.content.decode()
    browser.post(address, {"email": student.email, "name": "Sam", "role": "educator"})
    student.refresh_from_db()
    assert student.role == Role.STUDENT


def test_staff_sign_in_where_everybody_does(db: None) -> None:
    """So that the limits and the second factor of sign-in hold for the admin too."""
    response = Client().get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
    posted = {"username": "admin@example.org", "password": people.PASSWORD}
    people.admin()
    browser = Client()
    browser.post(reverse("admin:login"), posted)
    assert browser.get(reverse("preferences")).status_code == 302


def test_people_who_are_no_staff_are_refused(student: User) -> None:
    client = Client()
    client.force_login(student)
    response = client.get(reverse("admin:accounts_user_changelist"), follow=True)
    assert response.status_code == 403


@pytest.mark.parametrize("model", ["lecture", "exam"])
def test_lectures_and_exams_can_be_looked_at_but_not_changed(
    browser: Client, model: str
) -> None:
    assert browser.get(reverse(f"admin:exams_{model}_changelist")).status_code == 200
    assert browser.get(reverse(f"admin:exams_{model}_add")).status_code == 403
