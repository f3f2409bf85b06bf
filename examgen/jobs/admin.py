"""Events, jobs and workers for the operator: look, search, retry, cancel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from examgen.jobs import beats, by_hand
from examgen.jobs.models import Beat, Event, Job, Tick
from examgen.jobs.states import OPEN, JobState
from examgen.jobs.wiring import wiring
from examgen.office.rows import Related, RowAdmin, age, badge, row_link, verbatim

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from examgen.typing import UserRequest

_TONES = {
    JobState.QUEUED: "calm",
    JobState.RUNNING: "live",
    JobState.RETRY: "warn",
    JobState.DONE: "ok",
    JobState.DEAD: "bad",
    JobState.CANCELLED: "calm",
}
_AGAIN = (JobState.DEAD, JobState.CANCELLED, JobState.RETRY)


class ConsumerFilter(admin.SimpleListFilter):
    """By consumer, as wired: the table itself would have to be read for it."""

    title = _("consumer")
    parameter_name = "consumer"

    def lookups(self, _request: Any, _admin: Any) -> list[tuple[str, str]]:
        names = sorted({on.name for on in wiring()})
        return [(name, name) for name in names]

    def queryset(self, _request: Any, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(consumer=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(RowAdmin):
    """What failed with a traceback shows it to those who may act: it may quote keys."""

    led_by = ("subject", "event", "error_code")
    list_display = [
        "consumer",
        "state_shown",
        "age",
        "tries",
        "error_code",
        "about",
        "stage",
    ]
    list_filter = ["state", "queue", ConsumerFilter]
    search_fields = ["consumer__istartswith", "error_code__istartswith"]
    search_help_text = _("The beginning of a consumer or an error, or a whole id.")
    search_ids = ("pk", "subject", "event_id")
    date_hierarchy = "created_at"
    list_select_related = ["event"]
    actions = ["retry", "cancel"]
    fieldsets = [
        (None, {"fields": ["consumer", "queue", "state_shown", "age", "about"]}),
        (_("Progress"), {"fields": ["stage", "progress"]}),
        (_("Tries"), {"fields": ["tries", "errors", "lost_leases", "run_after"]}),
        (_("Last error"), {"fields": ["error_code", "trace"]}),
        (
            _("Times"),
            {"fields": ["created_at", "started_at", "finished_at", "lease_until"]},
        ),
        (_("Origin"), {"fields": ["event", "key"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        hidden = set() if self.has_act_permission(request) else {"trace"}
        return [
            (
                title,
                {
                    **options,
                    "fields": [f for f in options["fields"] if f not in hidden],
                },
            )
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ["state_shown", "age", "about", "progress", "tries", "trace"]

    def related(self, row: Job) -> Iterator[Related]:
        yield Related(_("Other jobs about it"), "jobs.job", {"subject": row.subject})
        yield Related(_("Events about it"), "jobs.event", {"subject_id": row.subject})

    def fits(self, action: str, row: Job, actor: Any) -> bool:  # noqa: ARG002
        return row.state in (_AGAIN if action == "retry" else OPEN)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, job: Job) -> str:
        return badge(_TONES[JobState(job.state)], job.get_state_display())

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, job: Job) -> str:
        """How long it has been waiting or running, or took in the end."""
        return age(job.created_at, job.finished_at)

    @admin.display(description=_("tries"))
    def tries(self, job: Job) -> int:
        """How often it was begun."""
        begun = job.started_at is not None
        ended_well = job.state in (JobState.DONE, JobState.RUNNING)
        return job.tries + (1 if begun and ended_well else 0)

    @admin.display(description=_("about"))
    def about(self, job: Job) -> str:
        """What it works for; an event about something else names it by its facts."""
        if job.subject == job.event.subject_id:
            kind = job.event.subject_type
            return row_link(kind, job.subject, f"{kind} {str(job.subject)[:8]}")
        if job.consumer.endswith(".deliver"):
            return row_link("delivery", job.subject, f"delivery {str(job.subject)[:8]}")
        return str(job.subject)

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> str:
        done, total = job.progress_done, job.progress_total
        return f"{done} / {total}" if total else ""

    @admin.display(description=_("traceback"))
    def trace(self, job: Job) -> str:
        return verbatim(job.error_detail) if job.error_detail else ""

    @admin.action(description=_("Try again"), permissions=["act"])
    def retry(self, request: UserRequest, queryset: QuerySet[Job]) -> None:
        count = sum(by_hand.retry(job, actor=request.user.id) for job in queryset)
        said = ngettext("%d job is queued again.", "%d jobs are queued again.", count)
        self.message_user(request, said % count)

    @admin.action(description=_("Cancel"), permissions=["act"])
    def cancel(self, request: UserRequest, queryset: QuerySet[Job]) -> None:
        count = by_hand.cancel(queryset, actor=request.user.id)
        said = ngettext("%d job is cancelled.", "%d jobs are cancelled.", count)
        self.message_user(request, said % count)


class EventNameFilter(admin.SimpleListFilter):
    """By the part of the house that an event is about."""

    title = _("subject")
    parameter_name = "kind"
    KINDS = (
        *("user", "course", "enrolment", "invitation", "lecture", "exam"),
        *("examversion", "question", "attempt", "delivery", "token", "job"),
    )

    def lookups(self, _request: Any, _admin: Any) -> list[tuple[str, str]]:
        return [(kind, kind) for kind in self.KINDS]

    def queryset(self, _request: Any, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(subject_type=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(RowAdmin):
    """The log of all that happened. Nobody changes it, whoever tries."""

    led_by = ("subject_id", "actor")
    list_display = ["created_at", "name", "about", "by", "facts"]
    list_filter = [EventNameFilter]
    search_fields = ["name__istartswith"]
    search_help_text = _(
        "The beginning of a name, as lecture or exam.published; or a whole id: of an "
        "event, of what it is about, or of who did it."
    )
    search_ids = ("pk", "subject_id", "actor")
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    fields = ["created_at", "name", "about", "by", "facts", "wired"]
    readonly_fields = ["about", "by", "facts"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Name who did it to those who may see people, in the same query."""
        rows = super().get_queryset(request)
        if not request.user.has_perm("accounts.view_user"):
            return rows
        actors = get_user_model()._default_manager.filter(pk=OuterRef("actor"))  # noqa: SLF001 - Django's public name
        named: QuerySet[Event] = rows.annotate(
            email=Subquery(actors.values("email")[:1])
        )
        return named

    def related(self, row: Event) -> Iterator[Related]:
        yield Related(_("Its jobs"), "jobs.job", {"event": row.pk})
        about = {"subject_id": row.subject_id}
        yield Related(_("All events about it"), "jobs.event", about)
        if row.actor:
            by = {"actor": row.actor}
            yield Related(_("All events by the same person"), "jobs.event", by)

    @admin.display(description=_("about"), ordering="subject_type")
    def about(self, event: Event) -> str:
        kind = event.subject_type
        return row_link(kind, event.subject_id, f"{kind} {str(event.subject_id)[:8]}")

    @admin.display(description=_("by"), ordering="actor")
    def by(self, event: Event) -> str:
        if event.actor is None:
            return str(_("the site"))
        email = getattr(event, "email", None)
        return row_link("user", event.actor, email or f"user {str(event.actor)[:8]}")

    @admin.display(description=_("facts"))
    def facts(self, event: Event) -> str:
        return ", ".join(f"{name}: {fact}" for name, fact in event.data.items())


@admin.register(Beat)
class BeatAdmin(RowAdmin):
    """Worker processes, as they said so themselves."""

    list_display = ["worker", "queue", "alive", "last_sign"]
    list_filter = ["queue"]
    search_fields = ["worker"]
    ordering = ["queue", "worker"]
    fields = ["worker", "queue", "alive", "last_sign"]
    readonly_fields = ["alive", "last_sign"]

    @admin.display(description=_("lives"), boolean=True)
    def alive(self, beat: Beat) -> bool:
        return beats.is_alive(beat)

    @admin.display(description=_("last sign of life"), ordering="at")
    def last_sign(self, beat: Beat) -> str:
        return age(beat.at)


@admin.register(Tick)
class TickAdmin(RowAdmin):
    list_display = ["name", "last_slot"]
    fields = ["name", "last_slot"]
    search_fields = ["name"]
