"""People for tests."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from accounts.models import User
from accounts.states import Role

PASSWORD = "a long enough password"


@cache
def _hashed() -> str:
    """Hash the password of everybody once: it takes longer than most tests."""
    return make_password(PASSWORD)


def person(email: str, **fields: Any) -> User:
    user = User.objects.create(email=email, password=_hashed(), **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def educator(email: str = "educator@example.org", **fields: Any) -> User:
    return person(email, role=Role.EDUCATOR, **fields)


def student(email: str = "student@example.org", **fields: Any) -> User:
    return person(email, role=Role.STUDENT, **fields)


def staff(email: str = "staff@example.org", *rights: str) -> User:
    """Staff with these rights alone, as `jobs.view_job`."""
    user = person(email, is_staff=True)
    for right in rights:
        app, _dot, name = right.partition(".")
        permission = Permission.objects.get(content_type__app_label=app, codename=name)
        user.user_permissions.add(permission)
    return user


def second_factor(user: User) -> Authenticator:
    """An app on the person's phone, as allauth stores it."""
    kind = Authenticator.Type.TOTP
    secret = {"secret": "JBSWY3DPEHPK3PXP"}
    return Authenticator.objects.create(user=user, type=kind, data=secret)


def admin(email: str = "admin@example.org") -> User:
    return person(email, role=Role.EDUCATOR, is_staff=True, is_superuser=True)
