"""Attempts for the operator: whether and when they were saved and handed in.

Neither answers nor points are shown. Who took what out of an exam is between them and
their educator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from examgen.jobs.clock import now
from examgen.office.rows import Related, RowAdmin, age, badge, events_of, jobs_of
from scoring.models import Attempt
from scoring.states import AttemptState

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

_TONES = {
    AttemptState.OPEN: "live",
    AttemptState.CLOSED: "ok",
    AttemptState.VOID: "calm",
}


@admin.register(Attempt)
class AttemptAdmin(RowAdmin):
    led_by = ("version", "user")
    list_display = [
        "user",
        "version",
        "number",
        "state_shown",
        "started_at",
        "ends",
        "closed_by",
    ]
    list_filter = ["state", "closed_by", "started_at"]
    search_fields = ["user__email", "user__name", "version__title", "receipt"]
    search_help_text = _(
        "Words of a person or an exam, the number of a receipt, or a whole id."
    )
    search_ids = ("pk", "version_id", "version__exam_id", "user_id")
    date_hierarchy = "started_at"
    list_select_related = ["user", "version"]
    fieldsets = [
        (None, {"fields": ["user", "version", "number", "state_shown"]}),
        (
            _("Times"),
            {
                "fields": [
                    "started_at",
                    "deadline",
                    "saved_at",
                    "closed_at",
                    "closed_by",
                ]
            },
        ),
        (
            _("What is kept"),
            {"fields": ["answers", "late", "receipt", "void_reason"]},
        ),
    ]
    readonly_fields = ["state_shown", "answers", "late"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        """What was published is named, and not read; nor are answers."""
        rows = super().get_queryset(request)
        unread: QuerySet[Attempt] = rows.defer(
            "snapshot", "version__paper", "version__key", "version__policy"
        )
        return unread

    def related(self, row: Attempt) -> Iterator[Related]:
        yield jobs_of(row)
        yield Related(_("Mails"), "notifications.delivery", {"subject_id": row.pk})
        yield events_of(row)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, attempt: Attempt) -> str:
        return badge(_TONES[AttemptState(attempt.state)], attempt.get_state_display())

    @admin.display(description=_("ends"), ordering="deadline")
    def ends(self, attempt: Attempt) -> str:
        """How long it is open still; nothing for what is over."""
        if attempt.state != AttemptState.OPEN:
            return ""
        if attempt.deadline is None:
            return str(_("with its exam"))
        at = now()
        if attempt.deadline <= at:
            return str(_("now"))
        return str(_("in %(span)s")) % {"span": age(at, attempt.deadline)}

    @admin.display(description=_("answers saved"))
    def answers(self, attempt: Attempt) -> Any:
        return attempt.answers.filter(version__gt=0).count()

    @admin.display(description=_("answers after the end"))
    def late(self, attempt: Attempt) -> Any:
        return attempt.late.count()
