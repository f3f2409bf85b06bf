"""The queue of those who asked to make exams: approved, or declined with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms import DeclineForm
from accounts.models import EducatorRequest
from accounts.services import people
from examgen.office.rows import Related, RowAdmin, age, events_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from examgen.typing import UserRequest


@admin.register(EducatorRequest)
class EducatorRequestAdmin(RowAdmin):
    """Whoever waited longest comes first. The person is told either way."""

    list_display = ["email", "name", "waiting_for", "educator_requested_at"]
    search_fields = ["email", "name"]
    ordering = ["educator_requested_at"]
    fields = ["email", "name", "educator_requested_at", "created_at", "last_login"]
    actions = ["approve", "decline"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EducatorRequest]:
        rows: Any = super().get_queryset(request)
        waiting: QuerySet[EducatorRequest] = rows.asking_to_teach()
        return waiting

    def related(self, row: EducatorRequest) -> Iterator[Related]:
        yield Related(_("The person"), "accounts.user", {"q": row.email})
        yield events_of(row)

    @admin.display(description=_("waiting for"), ordering="educator_requested_at")
    def waiting_for(self, person: EducatorRequest) -> str:
        at = person.educator_requested_at
        return age(at) if at else ""

    @admin.action(description=_("Approve"), permissions=["act"])
    def approve(
        self, request: UserRequest, queryset: QuerySet[EducatorRequest]
    ) -> None:
        count = sum(
            people.grant_educator(user=person, actor=request.user)
            for person in queryset
        )
        said = ngettext(
            "%d person may make exams now.", "%d people may make exams now.", count
        )
        self.message_user(request, said % count)

    @admin.action(description=_("Decline…"), permissions=["act"])
    def decline(
        self, request: UserRequest, queryset: QuerySet[EducatorRequest]
    ) -> HttpResponse | None:
        """Ask for the reason first: it is what the person is told."""
        form = DeclineForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": _("Decline the wish to make exams"),
                "opts": self.opts,
                "people": queryset,
                "form": form,
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/decline.html", context)
        count = sum(
            people.decline_educator(
                user=person, actor=request.user, reason=form.cleaned_data["reason"]
            )
            for person in queryset
        )
        said = ngettext("%d wish is declined.", "%d wishes are declined.", count)
        self.message_user(request, said % count)
        return None
