"""Courses, who is in them, and who was asked to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import codes
from accounts.forms import EducatorInvitationForm
from accounts.models import Course, Enrolment, Invitation
from accounts.services import invitations
from examgen.jobs.clock import now
from examgen.office.rows import Related, RowAdmin, badge, events_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from examgen.typing import UserRequest


@admin.register(Course)
class CourseAdmin(RowAdmin):
    led_by = ("owner",)
    list_display = [
        "name",
        "owner",
        "students",
        "spoken_code",
        "open_to_join",
        "created_at",
    ]
    list_filter = ["open_to_join", "created_at"]
    search_fields = ["name", "code", "owner__email", "owner__name"]
    date_hierarchy = "created_at"
    list_select_related = ["owner"]
    fields = [
        "name",
        "owner",
        "students",
        "spoken_code",
        "open_to_join",
        "aliases",
        "created_at",
    ]
    readonly_fields = ["students", "spoken_code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        rows: Any = super().get_queryset(request)
        counted: QuerySet[Course] = rows.with_counts()
        return counted

    def related(self, row: Course) -> Iterator[Related]:
        here = {"course": row.pk}
        yield Related(_("Enrolments"), "accounts.enrolment", here)
        yield Related(_("Invitations"), "accounts.invitation", here)
        yield Related(_("Published exams"), "exams.examversion", here)
        yield events_of(row)

    @admin.display(description=_("students"), ordering="student_count")
    def students(self, course: Course) -> int:
        count: int = course.student_count  # type: ignore[attr-defined]
        return count

    @admin.display(description=_("code"), ordering="code")
    def spoken_code(self, course: Course) -> str:
        return codes.spoken(course.code)


@admin.register(Enrolment)
class EnrolmentAdmin(RowAdmin):
    led_by = ("user", "course")
    list_display = ["user", "course", "role", "granted", "created_at", "left_at"]
    list_filter = ["role", ("left_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__email", "user__name", "course__name"]
    date_hierarchy = "created_at"
    list_select_related = ["user", "course"]
    fields = [
        "user",
        "course",
        "role",
        "multiplier",
        "extra_minutes",
        "created_at",
        "left_at",
    ]

    def related(self, row: Enrolment) -> Iterator[Related]:
        yield Related(_("Their attempts"), "scoring.attempt", {"user": row.user_id})
        yield events_of(row)

    @admin.display(description=_("more time"), boolean=True)
    def granted(self, enrolment: Enrolment) -> bool:
        return enrolment.accommodated


@admin.register(Invitation)
class InvitationAdmin(RowAdmin):
    """Adding one invites an address to make exams; courses invite on their own pages."""

    list_display = ["email", "purpose", "invited_by", "standing", "sent_at"]
    list_filter = [
        ("accepted_at", admin.EmptyFieldListFilter),
        ("course", admin.EmptyFieldListFilter),
    ]
    search_fields = ["email", "course__name"]
    date_hierarchy = "sent_at"
    list_select_related = ["course", "invited_by"]
    actions = ["send_again", "withdraw"]

    def related(self, row: Invitation) -> Iterator[Related]:
        yield Related(_("Mails"), "notifications.delivery", {"invitation": row.pk})
        yield events_of(row)

    def fits(self, action: str, row: Invitation, actor: Any) -> bool:  # noqa: ARG002
        return row.accepted_at is None

    @admin.display(description=_("to"))
    def purpose(self, invitation: Invitation) -> str:
        return str(invitation.course or _("make exams"))

    @admin.display(description=_("state"), ordering="accepted_at")
    def standing(self, invitation: Invitation) -> str:
        if invitation.accepted_at is not None:
            return badge("ok", _("accepted"))
        if invitation.expired(now()):
            return badge("warn", _("ran out"))
        return badge("calm", _("waiting"))

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
        count = sum(
            invitations.send_again(invitation=invitation, actor=request.user)
            for invitation in queryset
        )
        said = ngettext(
            "%d invitation is sent again.", "%d invitations are sent again.", count
        )
        self.message_user(request, said % count)

    @admin.action(description=_("Withdraw"), permissions=["act"])
    def withdraw(self, request: UserRequest, queryset: QuerySet[Invitation]) -> None:
        count = sum(
            invitations.withdraw(invitation=invitation, actor=request.user)
            for invitation in queryset
        )
        said = ngettext(
            "%d invitation is withdrawn.", "%d invitations are withdrawn.", count
        )
        self.message_user(request, said % count)
