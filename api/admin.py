"""Tokens for the operator: whose they are, when they were used, and an end to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from api.models import Token
from api.services.tokens import revoke_token
from examgen.jobs.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from examgen.typing import UserRequest


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "start", "user", "last_used_at", "expires_at", "revoked_at"]
    list_filter = ["revoked_at", "expires_at"]
    search_fields = ["name", "start", "user__email"]
    list_select_related = ["user"]
    exclude = ["digest"]
    actions = ["revoke"]

    # Without a change permission Django would hide actions, so they name "view".
    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request: UserRequest, queryset: QuerySet[Token]) -> None:
        for token in queryset:
            revoke_token(token=token, actor=request.user)
        n = len(queryset)
        said = ngettext("%d token is revoked.", "%d tokens are revoked.", n)
        self.message_user(request, said % n)
