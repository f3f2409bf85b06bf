"""People for tests."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.states import Role

PASSWORD = "a long enough password"


def person(email: str, **fields: Any) -> User:
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def educator(email: str = "educator@example.org", **fields: Any) -> User:
    return person(email, role=Role.EDUCATOR, **fields)


def student(email: str = "student@example.org", **fields: Any) -> User:
    return person(email, role=Role.STUDENT, **fields)


def admin(email: str = "admin@example.org") -> User:
    return person(email, role=Role.EDUCATOR, is_staff=True, is_superuser=True)
