"""The user: an address, a role, a mark in the corner."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from accounts.models import User
from accounts.states import Role
from tests.factories import people


@pytest.mark.parametrize(
    ("name", "email", "initials"),
    [
        ("Mira Leaf", "x@example.org", "ML"),
        ("Mira van der Leaf", "x@example.org", "ML"),
        ("Mira", "x@example.org", "MI"),
        ("M", "x@example.org", "M"),
        ("", "noor@example.org", "NO"),
        ("", "n@example.org", "N"),
        ("  ", "noor@example.org", "NO"),
    ],
)
def test_everybody_has_a_mark(name: str, email: str, initials: str) -> None:
    assert User(name=name, email=email).initials == initials


def test_a_person_is_called_by_name_else_by_address() -> None:
    assert str(User(name="Mira", email="m@example.org")) == "Mira"
    assert str(User(email="m@example.org")) == "m@example.org"


def test_an_address_is_kept_in_small_letters(db: None) -> None:
    assert User.objects.create_user("Mira@Example.ORG").email == "mira@example.org"


def test_one_address_is_one_person(db: None) -> None:
    User.objects.create_user("mira@example.org")
    with pytest.raises(IntegrityError):
        User.objects.create_user("MIRA@example.org")


def test_an_unknown_role_is_refused_by_the_database(student: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.update(role="king")


def test_a_superuser_is_staff_and_may_make_exams(db: None) -> None:
    user = User.objects.create_superuser("root@example.org", "a good password")
    assert (user.is_staff, user.is_superuser, user.role) == (True, True, Role.EDUCATOR)


def test_people_see_themselves_and_admins_everybody(
    student: User, educator: User
) -> None:
    admin = people.admin()
    assert list(User.objects.get_queryset().for_user(student)) == [student]
    assert set(User.objects.get_queryset().for_user(admin)) == {
        student,
        educator,
        admin,
    }


def test_passwords_are_hashed_with_argon2_in_nineteen_megabytes(student: User) -> None:
    assert student.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
