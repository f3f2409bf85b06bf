"""How people sign in: what allauth keeps, to be looked at and without its secrets.

Allauth's own lists let staff write addresses and read what makes codes; both are an
account's key. Theirs are taken out, and ours stand instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from allauth.account import admin as account_admin
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa import admin as mfa_admin
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as social_admin
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from examgen.office.rows import Related, RowAdmin

# Staff sign in as everybody does, with the same rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Imported before, so that they do not come back when their turn comes.
_THEIRS = (account_admin, mfa_admin, social_admin)
for _model in (
    *(Authenticator, EmailAddress, EmailConfirmation),
    *(SocialAccount, SocialApp, SocialToken),
):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class _OfPerson(RowAdmin):
    search_ids = ("user_id",)
    led_by = ("user",)
    list_select_related = ["user"]

    def related(
        self, row: Authenticator | EmailAddress | SocialAccount
    ) -> Iterator[Related]:
        yield Related(_("The person"), "accounts.user", {"q": row.user.email})


@admin.register(EmailAddress)
class EmailAddressAdmin(_OfPerson):
    list_display = ["email", "user", "verified", "primary"]
    list_filter = ["verified", "primary"]
    search_fields = ["email", "user__email", "user__name"]
    ordering = ["email"]


@admin.register(Authenticator)
class AuthenticatorAdmin(_OfPerson):
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email", "user__name"]
    fields = ["user", "type", "created_at", "last_used_at"]
    ordering = ["-created_at"]


@admin.register(SocialAccount)
class SocialAccountAdmin(_OfPerson):
    list_display = ["user", "provider", "last_login", "date_joined"]
    list_filter = ["provider"]
    search_fields = ["uid", "user__email", "user__name"]
    fields = ["user", "provider", "uid", "last_login", "date_joined"]
    ordering = ["-date_joined"]
