"""What admins do about a person's account: name, access, rights, second factors.

Nobody does any of this to an account of staff but a superuser, and nobody takes their
own access or rights: so a site cannot be left without anybody to look after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.services import people
from examgen.jobs.events import record


class NotForThemError(Exception):
    """The actor may not do this to that account; `code` says why.

    `own_account`, `staff` (only superusers may), `no_admin` (the actor is no admin, or
    no longer).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal(user: User, actor: User) -> str:
    """Why `actor` may not change access or rights of `user`; empty if they may."""
    if not (actor.is_active and actor.is_staff):
        return "no_admin"
    if actor.pk == user.pk:
        return "own_account"
    if (user.is_staff or user.is_superuser) and not actor.is_superuser:
        return "staff"
    return ""


def grant_educator(*, user: User, actor: User) -> bool:
    """Let a person make exams; False when they could already."""
    if why := refusal(user, actor):
        raise NotForThemError(why)
    return people.grant_educator(user=user, actor=actor)


def rename(*, user: User, actor: User, name: str) -> None:
    """Give a person the name that they are known by."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk).exclude(name=name).update(name=name):
            record("user.renamed", user, actor=actor.id)
    user.name = name


def deactivate(*, user: User, actor: User) -> bool:
    """Let a person in no more, neither by page nor by token; False if so already.

    What they made and handed in stays.
    """
    with _held(user, actor) as row:
        if not row.is_active:
            return False
        row.is_active = False
        row.save(update_fields=["is_active"])
        _end_sessions(row)
        record("user.deactivated", user, actor=actor.id)
    return True


def reactivate(*, user: User, actor: User) -> bool:
    """Let a person in again; they have to sign in anew."""
    with _held(user, actor) as row:
        if row.is_active:
            return False
        row.is_active = True
        row.save(update_fields=["is_active"])
        record("user.reactivated", user, actor=actor.id)
    return True


def end_sessions(*, user: User, actor: User) -> None:
    """Sign a person out everywhere; their tokens are ended on their own."""
    with _held(user, actor) as row:
        _end_sessions(row)
        record("user.signed_out", user, actor=actor.id)


def remove_second_factors(*, user: User, actor: User) -> bool:
    """Let a person sign in by password alone, who has lost what they confirmed with.

    False when they have no second factor. They are told, and signed out everywhere.
    """
    with _held(user, actor) as row:
        removed, _kinds = Authenticator.objects.filter(user=row).delete()
        if not removed:
            return False
        _end_sessions(row)
        record("user.second_factors_removed", user, actor=actor.id)
    return True


def set_rights(
    *,
    user: User,
    actor: User,
    is_staff: bool,
    is_superuser: bool,
    groups: Collection[Group],
    permissions: Collection[Permission],
) -> None:
    """Say what a person may do in the admin. Only superusers may say it."""
    with _held(user, actor) as row:
        if not User.objects.filter(pk=actor.pk, is_superuser=True).exists():
            raise NotForThemError("staff")
        row.is_staff, row.is_superuser = is_staff, is_superuser
        row.save(update_fields=["is_staff", "is_superuser"])
        row.groups.set(groups)
        row.user_permissions.set(permissions)
        record(
            "user.rights_changed",
            user,
            actor=actor.id,
            staff=is_staff,
            superuser=is_superuser,
        )


@contextmanager
def _held(user: User, actor: User) -> Iterator[User]:
    """Both accounts as they are now, and held: of two who end each other one is late.

    Raises NotForThemError when the actor may not, or may no longer.
    """
    with transaction.atomic():
        both = User.objects.select_for_update(no_key=True).filter(
            pk__in=[user.pk, actor.pk]
        )
        rows = {row.pk: row for row in both.order_by("pk")}
        if user.pk not in rows or actor.pk not in rows:
            raise NotForThemError("no_admin")
        if code := refusal(rows[user.pk], rows[actor.pk]):
            raise NotForThemError(code)
        yield rows[user.pk]


def _end_sessions(row: User) -> None:
    User.objects.filter(pk=row.pk).update(sessions_ended=F("sessions_ended") + 1)
