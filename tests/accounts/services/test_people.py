"""What happens to people, without pages."""

from __future__ import annotations

import pytest

from accounts.models import User
from accounts.services import people as services
from accounts.states import Role
from examgen.jobs.models import Event
from tests.factories import people


@pytest.mark.parametrize(
    ("policy", "role", "asked"),
    [
        ("open", Role.EDUCATOR, False),
        ("approval", Role.STUDENT, True),
        ("invite", Role.STUDENT, False),
    ],
)
def test_a_wish_to_teach_is_met_noted_or_ignored_by_policy(
    student: User, settings, policy: str, role: Role, asked: bool
) -> None:
    settings.EDUCATOR_SIGNUP = policy
    services.welcome(user=student, wants_to_teach=True)
    student.refresh_from_db()
    assert student.role == role
    assert (student.educator_requested_at is not None) == asked


def test_becoming_an_educator_ends_the_waiting_and_is_told_with_its_actor(
    student: User, settings
) -> None:
    settings.EDUCATOR_SIGNUP = "approval"
    services.welcome(user=student, wants_to_teach=True)
    admin = people.admin()

    services.grant_educator(user=student, actor=admin)

    student.refresh_from_db()
    assert student.is_educator
    assert student.educator_requested_at is None
    event = Event.objects.get(name="user.became_educator")
    assert (event.subject_id, event.actor, event.data) == (student.id, admin.id, {})


def test_granting_twice_is_told_once(student: User) -> None:
    admin = people.admin()
    for _ in range(2):
        services.grant_educator(user=student, actor=admin)
    assert Event.objects.filter(name="user.became_educator").count() == 1


def test_preferences_change_nothing_else(student: User) -> None:
    User.objects.update(role=Role.EDUCATOR)
    services.set_preferences(
        user=student, name="Sam", theme="dark", time_zone="Europe/Vienna"
    )
    student.refresh_from_db()
    assert (student.name, student.theme, student.time_zone) == (
        "Sam",
        "dark",
        "Europe/Vienna",
    )
    assert student.role == Role.EDUCATOR
