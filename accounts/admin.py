"""People in the admin; the educator's role is granted by an action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import people as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from examgen.typing import UserRequest

# Staff sign in as everybody does, with the same rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ["email", "name", "role", "educator_requested_at", "is_active"]
    list_filter = ["role", "is_active", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fields = [
        "email",
        "name",
        "role",
        "educator_requested_at",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
        "created_at",
    ]
    readonly_fields = [
        "role",
        "educator_requested_at",
        "last_login",
        "created_at",
    ]
    actions = ["grant_educator"]

    @admin.action(description=_("Allow to make exams"))
    def grant_educator(self, request: UserRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            services.grant_educator(user=user, actor=request.user)
        self.message_user(request, _("Done."))
