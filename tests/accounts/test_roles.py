"""Who may make exams, by the site's policy: each way from the door to the first page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, User
from accounts.services import courses as services
from examgen.jobs.models import Event
from tests.accounts.visitors import Visitor
from tests.factories import courses, people

pytestmark = pytest.mark.django_db

NEW = "mira.leaf@example.org"


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(people.admin())
    return client


def signs_up(visitor: Visitor, **more: str) -> None:
    visitor.goes_to("/accounts/signup/")
    visitor.signs_up(NEW, **more)
    visitor.types_the_code(NEW)
    assert visitor.is_in


def may_make_exams(visitor: Visitor) -> bool:
    return visitor.client.get(reverse("lectures")).status_code == 200


def grants(admin: Client, email: str) -> None:
    """Tick the person in the admin and choose the action."""
    user = User.objects.get(email=email)
    admin.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "grant_educator", "_selected_action": [user.id]},
    )


# open


def test_open_whoever_says_that_they_teach_may_make_exams(
    visitor: Visitor, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "open"
    signs_up(visitor, wants_to_teach="on")
    assert may_make_exams(visitor)
    assert "An administrator grants" not in visitor.page


def test_open_whoever_does_not_say_so_is_a_student(
    visitor: Visitor, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "open"
    signs_up(visitor)
    assert not may_make_exams(visitor)


# approval


def test_approval_whoever_says_so_waits_until_an_admin_grants_it(
    visitor: Visitor, admin: Client, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "approval"
    visitor.goes_to("/accounts/signup/")
    assert "An administrator grants the right to make exams." in visitor.page
    signs_up(visitor, wants_to_teach="on")
    assert not may_make_exams(visitor)
    visitor.goes_to("/")
    assert "Your wish to make exams is with an administrator." in visitor.page
    waiting = admin.get(reverse("admin:accounts_user_changelist"))
    assert NEW in waiting.content.decode()

    grants(admin, NEW)
    assert may_make_exams(visitor)
    visitor.goes_to("/")
    assert "Your wish" not in visitor.page
    assert Event.objects.filter(name="user.became_educator").count() == 1


# invite


def test_invite_nobody_is_asked_and_nobody_gets_it_by_saying_so(
    visitor: Visitor, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "invite"
    visitor.goes_to("/accounts/signup/")
    assert "wants_to_teach" not in visitor.page
    signs_up(visitor, wants_to_teach="on")
    assert not may_make_exams(visitor)
    user = User.objects.get(email=NEW)
    assert user.educator_requested_at is None


def test_invite_an_admin_grants_it(
    visitor: Visitor, admin: Client, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "invite"
    signs_up(visitor)
    grants(admin, NEW)
    assert may_make_exams(visitor)


def test_invite_an_admin_invites_an_address(
    visitor: Visitor, admin: Client, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "invite"
    response = admin.post(
        reverse("admin:accounts_invitation_add"), {"email": "Mira.Leaf@Example.org"}
    )
    assert response.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.to_teach) == (NEW, True)
    assert invitation.invited_by == User.objects.get(email="admin@example.org")
    event = Event.objects.get(name="educator.invited")
    assert event.subject_id == invitation.id

    token = services.invitation_token(invitation)
    visitor.goes_to(reverse("invitation", args=[token]))
    visitor.sends("Sign up", password1="four quiet green leaves")
    assert visitor.at == "/"
    assert may_make_exams(visitor)


def test_invite_a_course_invites_students_alone(
    visitor: Visitor, settings: Any
) -> None:
    settings.EDUCATOR_SIGNUP = "invite"
    course = courses.course(people.educator())
    token = services.invitation_token(courses.invite(course, NEW))
    visitor.goes_to(reverse("invitation", args=[token]))
    visitor.sends("Sign up", password1="four quiet green leaves")
    assert not may_make_exams(visitor)
    assert course.enrolments.students().get().user.email == NEW


# The admin's invitations


def test_an_educator_is_not_invited_to_become_one(admin: Client) -> None:
    people.educator(NEW)
    response = admin.post(reverse("admin:accounts_invitation_add"), {"email": NEW})
    assert response.status_code == 200
    assert "This person may make exams already." in response.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("email", ["", "mira", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_not_invited(admin: Client, email: str) -> None:
    response = admin.post(reverse("admin:accounts_invitation_add"), {"email": email})
    assert response.status_code == 200
    assert not Invitation.objects.exists()


def test_the_same_address_again_is_sent_again(admin: Client) -> None:
    for _ in range(2):
        admin.post(reverse("admin:accounts_invitation_add"), {"email": NEW})
    assert Invitation.objects.count() == 1
    assert Event.objects.filter(name="educator.invited").count() == 2


def test_invitations_are_looked_at_and_sent_again_but_not_changed(
    admin: Client,
) -> None:
    course = courses.course(people.educator())
    invitation = courses.invite(course, NEW)
    Invitation.objects.update(sent_at=course.created_at.replace(year=2020))
    listed = admin.get(reverse("admin:accounts_invitation_changelist"))
    page = re.sub(r"<[^>]+>", " ", listed.content.decode())
    assert "Botany" in page
    one = admin.get(reverse("admin:accounts_invitation_change", args=[invitation.id]))
    assert one.status_code == 200
    assert 'name="email"' not in one.content.decode()
    for address in (listed, one):
        token = services.invitation_token(invitation)
        assert token.partition(".")[2] not in address.content.decode()
    admin.post(
        reverse("admin:accounts_invitation_changelist"),
        {"action": "send_again", "_selected_action": [invitation.id]},
    )
    assert Event.objects.filter(name="course.invited").count() == 2


@pytest.mark.parametrize("model", ["course", "enrolment"])
def test_courses_and_enrolments_can_be_looked_at_but_not_changed(
    admin: Client, model: str
) -> None:
    course = courses.course(people.educator())
    enrolment = courses.enrol(course, people.student())
    row = course if model == "course" else enrolment
    assert admin.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200
    change = reverse(f"admin:accounts_{model}_change", args=[row.pk])
    assert admin.get(change).status_code == 200
    assert admin.post(change, {}).status_code == 403
    assert admin.get(reverse(f"admin:accounts_{model}_add")).status_code == 403
