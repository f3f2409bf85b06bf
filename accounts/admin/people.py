"""People: found, renamed, let in and out, given rights. Each change is a service's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import standing
from accounts.wording import refusal_words
from examgen.office.rows import Related, RowAdmin, badge, events_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest

    from examgen.typing import UserRequest

_RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
_LOOKED_AT = (
    "email",
    "role",
    "educator_requested_at",
    "educator_declined_at",
    "educator_decline_reason",
    "is_active",
    "last_login",
    "created_at",
)


@admin.register(User)
class UserAdmin(RowAdmin):
    """Only a name is typed here, and by superusers what others may do in the admin.

    Addresses are changed by whom they belong to, since whoever reads the mail of an
    address has its account.
    """

    list_display = ["email", "name", "role", "standing", "last_login", "created_at"]
    list_filter = ["role", "is_active", "is_staff", "created_at"]
    search_fields = ["email", "name"]
    search_help_text = _("Words of a name or an address, or a whole id.")
    date_hierarchy = "created_at"
    ordering = ["email"]
    filter_horizontal = ["groups", "user_permissions"]
    fieldsets = [
        (None, {"fields": ["email", "name", "role", "is_active"]}),
        (
            _("Wish to make exams"),
            {
                "fields": [
                    "educator_requested_at",
                    "educator_declined_at",
                    "educator_decline_reason",
                ],
            },
        ),
        (_("Rights in the admin"), {"fields": [*_RIGHTS]}),
        (_("Times"), {"fields": ["created_at", "last_login"]}),
    ]
    actions = [
        "grant_educator",
        "deactivate",
        "reactivate",
        "end_sessions",
        "remove_second_factors",
    ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Names of staff are for superusers, as all that belongs to their accounts."""
        if not self.has_act_permission(request):
            return False
        return not (obj and obj.is_staff) or request.user.is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights are superusers' to give, and nobody gives or takes their own."""
        may_give = request.user.is_superuser and obj and obj.pk != request.user.pk
        return [*_LOOKED_AT, *(() if may_give else _RIGHTS)]

    def related(self, row: User) -> Iterator[Related]:
        here = row.pk
        yield Related(_("Courses"), "accounts.course", {"owner": here})
        yield Related(_("Enrolments"), "accounts.enrolment", {"user": here})
        yield Related(_("Lectures"), "exams.lecture", {"owner": here})
        yield Related(_("Exams"), "exams.exam", {"owner": here})
        yield Related(_("Attempts"), "scoring.attempt", {"user": here})
        yield Related(_("Mails"), "notifications.delivery", {"recipient": here})
        yield Related(_("Tokens"), "api.token", {"user": here})
        yield Related(_("Second factors"), "mfa.authenticator", {"user": here})
        yield Related(_("Did"), "jobs.event", {"actor": here})
        yield events_of(row)

    def fits(self, action: str, row: User, actor: User) -> bool:
        match action:
            case "grant_educator" if row.is_educator:
                return False
            case "deactivate" if not row.is_active:
                return False
            case "reactivate" if row.is_active:
                return False
        return not standing.refusal(row, actor)

    @admin.display(description=_("account"), ordering="is_active")
    def standing(self, user: User) -> str:
        if not user.is_active:
            return badge("bad", _("closed"))
        if user.is_superuser:
            return badge("live", _("superuser"))
        if user.is_staff:
            return badge("live", _("staff"))
        return badge("ok", _("open"))

    def save_model(
        self,
        request: Any,
        obj: User,
        form: ModelForm[User],
        change: Any,  # noqa: ARG002 - people are not added here
    ) -> None:
        chosen, changed = form.cleaned_data, set(form.changed_data)
        try:
            if "name" in changed:
                standing.rename(user=obj, actor=request.user, name=chosen["name"])
            if changed.intersection(_RIGHTS):
                standing.set_rights(
                    user=obj,
                    actor=request.user,
                    is_staff=chosen["is_staff"],
                    is_superuser=chosen["is_superuser"],
                    groups=chosen["groups"],
                    permissions=chosen["user_permissions"],
                )
        except standing.NotForThemError as error:
            raise PermissionDenied from error

    def save_related(self, *_args: Any) -> None:
        """Groups and permissions were stored with the other rights."""

    @admin.action(description=_("Allow to make exams"), permissions=["act"])
    def grant_educator(self, request: UserRequest, queryset: QuerySet[User]) -> None:
        count = self._each(request, queryset, standing.grant_educator)
        said = ngettext(
            "%d person may make exams now.", "%d people may make exams now.", count
        )
        self.message_user(request, said % count)

    @admin.action(description=_("Close account"), permissions=["act"])
    def deactivate(self, request: UserRequest, queryset: QuerySet[User]) -> None:
        count = self._each(request, queryset, standing.deactivate)
        said = ngettext("%d account is closed.", "%d accounts are closed.", count)
        self.message_user(request, said % count)

    @admin.action(description=_("Open account again"), permissions=["act"])
    def reactivate(self, request: UserRequest, queryset: QuerySet[User]) -> None:
        count = self._each(request, queryset, standing.reactivate)
        said = ngettext(
            "%d account is open again.", "%d accounts are open again.", count
        )
        self.message_user(request, said % count)

    @admin.action(description=_("Sign out everywhere"), permissions=["act"])
    def end_sessions(self, request: UserRequest, queryset: QuerySet[User]) -> None:
        count = self._each(request, queryset, standing.end_sessions)
        said = ngettext("%d person is signed out.", "%d people are signed out.", count)
        self.message_user(request, said % count)

    @admin.action(description=_("Remove second factors"), permissions=["act"])
    def remove_second_factors(
        self, request: UserRequest, queryset: QuerySet[User]
    ) -> None:
        count = self._each(request, queryset, standing.remove_second_factors)
        said = ngettext(
            "%d person signs in by password alone now.",
            "%d people sign in by password alone now.",
            count,
        )
        self.message_user(request, said % count)

    def _each(
        self,
        request: UserRequest,
        queryset: QuerySet[User],
        do: Callable[..., bool | None],
    ) -> int:
        """Do it to each; how many it changed. Those it may not be done to are named."""
        count = 0
        for user in queryset:
            try:
                count += do(user=user, actor=request.user) is not False
            except standing.NotForThemError as error:
                said = gettext("Not done to %(who)s: %(why)s")
                named = {"who": user.email, "why": refusal_words(error.code)}
                self.message_user(request, said % named, messages.WARNING)
        return count


class SuperusersGroupAdmin(GroupAdmin):
    """Groups are rights, and whoever could change theirs could give themselves all."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return _superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return _superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return _superuser(request)


def _superuser(request: HttpRequest) -> bool:
    return request.user.is_active and bool(request.user.is_superuser)


admin.site.unregister(Group)
admin.site.register(Group, SuperusersGroupAdmin)
