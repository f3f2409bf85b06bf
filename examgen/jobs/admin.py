"""Events and jobs for the operator: look, retry, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from examgen.jobs import claims
from examgen.jobs.clock import now
from examgen.jobs.models import Event, Job, Tick
from examgen.jobs.states import FINAL

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that only the machine writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = [
        "consumer",
        "state",
        "stage",
        "age",
        "tries",
        "error_code",
        "subject",
    ]
    list_filter = ["state", "queue", "consumer", "error_code"]
    search_fields = ["key", "subject", "error_detail"]
    date_hierarchy = "created_at"
    actions = ["retry", "cancel"]

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, job: Job) -> str:
        """How long it has been waiting or running, or took in the end."""
        return timesince(job.created_at, job.finished_at or now())

    @admin.display(description=_("tries"))
    def tries(self, job: Job) -> int:
        return job.tries if job.state in FINAL else job.tries + 1

    # Without a change permission Django would hide actions, so they name "view".
    @admin.action(description=_("Try again"), permissions=["view"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = sum(claims.retry(job) for job in queryset)
        said = ngettext("%d job is queued again.", "%d jobs are queued again.", count)
        self.message_user(request, said % count)

    @admin.action(description=_("Cancel"), permissions=["view"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = claims.cancel(queryset)
        said = ngettext("%d job is cancelled.", "%d jobs are cancelled.", count)
        self.message_user(request, said % count)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "name", "subject_type", "subject_id", "actor"]
    list_filter = ["name", "subject_type"]
    search_fields = ["subject_id", "actor"]
    date_hierarchy = "created_at"


@admin.register(Tick)
class TickAdmin(ReadOnlyAdmin):
    list_display = ["name", "last_slot"]
