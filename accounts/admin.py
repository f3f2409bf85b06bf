"""People and courses in the admin.

The educator's role is granted by an action on people who are here, and by an invitation
to an address that is not. Everything else about courses is to be looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts import codes
from accounts.forms import EducatorInvitationForm
from accounts.models import Course, Enrolment, Invitation, User
from accounts.services import invitations
from accounts.services import people as services
from examgen.jobs.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

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


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "spoken_code", "open_to_join", "created_at"]
    list_filter = ["open_to_join"]
    search_fields = ["name", "code", "owner__email"]
    list_select_related = ["owner"]

    @admin.display(description=_("code"), ordering="code")
    def spoken_code(self, course: Course) -> str:
        return codes.spoken(course.code)


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    list_display = ["user", "course", "role", "created_at", "left_at"]
    list_filter = ["role"]
    search_fields = ["user__email", "user__name", "course__name"]
    list_select_related = ["user", "course"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Adding one invites an address to make exams; courses invite on their own pages."""

    list_display = ["email", "purpose", "invited_by", "sent_at", "accepted_at"]
    search_fields = ["email", "course__name"]
    list_select_related = ["course", "invited_by"]
    actions = ["send_again"]

    @admin.display(description=_("to"))
    def purpose(self, invitation: Invitation) -> str:
        return str(invitation.course or _("make exams"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        allowed: bool = request.user.has_perm("accounts.add_invitation")
        return allowed

    def get_form(
        self,
        request: Any,
        obj: Any = None,
        change: Any = False,
        **kwargs: Any,
    ) -> Any:
        if obj is None:
            return EducatorInvitationForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else ["email"]

    def save_model(
        self,
        request: Any,
        obj: Invitation,
        form: EducatorInvitationForm,
        change: Any,  # noqa: ARG002 - nothing is ever changed here
    ) -> None:
        made = invitations.invite_educator(
            email=form.cleaned_data["email"], actor=request.user
        )
        obj.pk = made.pk

    @admin.action(description=_("Send again"), permissions=["add"])
    def send_again(self, request: UserRequest, queryset: QuerySet[Invitation]) -> None:
        for invitation in queryset:
            invitations.send_again(invitation=invitation, actor=request.user)
        self.message_user(request, _("Done."))
