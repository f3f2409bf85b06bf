"""Tokens for the operator: whose they are, when they were used, and an end to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from api.models import Token
from api.services.tokens import revoke_token
from examgen.jobs.clock import now
from examgen.office.rows import Related, RowAdmin, badge, events_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from examgen.typing import UserRequest


@admin.register(Token)
class TokenAdmin(RowAdmin):
    led_by = ("user",)
    list_display = ["name", "start", "user", "standing", "last_used_at", "expires_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "expires_at"]
    search_fields = ["name", "start", "user__email"]
    search_ids = ("pk", "user_id")
    date_hierarchy = "created_at"
    list_select_related = ["user"]
    fields = [
        "name",
        "start",
        "user",
        "standing",
        "scopes_shown",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    readonly_fields = ["standing", "scopes_shown"]
    actions = ["revoke"]

    def related(self, row: Token) -> Iterator[Related]:
        yield Related(_("The person"), "accounts.user", {"q": row.user.email})
        yield events_of(row)

    def fits(self, action: str, row: Token, actor: User) -> bool:  # noqa: ARG002
        return row.revoked_at is None

    @admin.display(description=_("state"), ordering="revoked_at")
    def standing(self, token: Token) -> str:
        if token.revoked_at is not None:
            return badge("bad", _("revoked"))
        if token.expires_at <= now():
            return badge("calm", _("ran out"))
        return badge("ok", _("usable"))

    @admin.display(description=_("scopes"))
    def scopes_shown(self, token: Token) -> str:
        return ", ".join(token.scopes)

    @admin.action(description=_("Revoke"), permissions=["act"])
    def revoke(self, request: UserRequest, queryset: QuerySet[Token]) -> None:
        count = sum(revoke_token(token=token, actor=request.user) for token in queryset)
        said = ngettext("%d token is revoked.", "%d tokens are revoked.", count)
        self.message_user(request, said % count)
