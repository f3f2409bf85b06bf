"""What happens to people: signing up, asking for and getting the educator's role."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.states import Role
from examgen.jobs.clock import now
from examgen.jobs.events import record


@transaction.atomic
def welcome(*, user: User, wants_to_teach: bool) -> None:
    """Finish a sign-up: give or note the wished role by site policy, tell the house."""
    if wants_to_teach and settings.EDUCATOR_SIGNUP == "open":
        user.role = Role.EDUCATOR
    elif wants_to_teach and settings.EDUCATOR_SIGNUP == "approval":
        user.educator_requested_at = now()
    user.save(update_fields=["role", "educator_requested_at"])
    record("user.signed_up", user, actor=user.id)


@transaction.atomic
def create_admin(*, email: str, name: str, password: str) -> User:
    """Sign up an administrator, whose address whoever runs commands here vouches for.

    Raises IntegrityError when the address has an account.
    """
    user = User.objects.create_superuser(email, password, name=name)
    EmailAddress.objects.create(
        user=user, email=user.email, primary=True, verified=True
    )
    welcome(user=user, wants_to_teach=False)
    return user


def grant_educator(*, user: User, actor: User, invited: bool = False) -> bool:
    """Let a person make exams; False when they could already.

    Whoever came by an invitation knows, and is not told once more.
    """
    change = {
        "role": Role.EDUCATOR,
        "educator_requested_at": None,
        "educator_declined_at": None,
        "educator_decline_reason": "",
    }
    facts = {"invited": True} if invited else {}
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, role=Role.STUDENT).update(**change):
            return False
        record("user.became_educator", user, actor=actor.id, **facts)
    for name, value in change.items():
        setattr(user, name, value)
    return True


def decline_educator(*, user: User, actor: User, reason: str) -> bool:
    """Say no to a person who asked to make exams; False when no wish of theirs waits."""
    change = {
        "educator_requested_at": None,
        "educator_declined_at": now(),
        "educator_decline_reason": reason,
    }
    waiting = User.objects.filter(pk=user.pk, role=Role.STUDENT)
    with transaction.atomic():
        if not waiting.exclude(educator_requested_at=None).update(**change):
            return False
        record("user.educator_declined", user, actor=actor.id)
    for name, value in change.items():
        setattr(user, name, value)
    return True


def set_preferences(*, user: User, name: str, theme: str, time_zone: str) -> None:
    user.name, user.theme, user.time_zone = name, theme, time_zone
    user.save(update_fields=["name", "theme", "time_zone"])
