"""Deliveries for the operator: what became of each, and sending again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from examgen.office.rows import Related, RowAdmin, age, badge
from notifications.messages import MESSAGES
from notifications.models import Delivery
from notifications.services import deliver
from notifications.states import Channel, DeliveryState
from notifications.wording import cure_words, reason_words

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from examgen.typing import UserRequest

_TONES = {
    DeliveryState.WAITING: "live",
    DeliveryState.SENT: "ok",
    DeliveryState.SKIPPED: "calm",
    DeliveryState.FAILED: "bad",
}


class MessageFilter(admin.SimpleListFilter):
    title = _("message")
    parameter_name = "message"

    def lookups(self, _request: Any, _admin: Any) -> list[tuple[str, str]]:
        return [(name, str(message.title)) for name, message in MESSAGES.items()]

    def queryset(
        self, _request: Any, queryset: QuerySet[Delivery]
    ) -> QuerySet[Delivery]:
        return queryset.filter(message=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(RowAdmin):
    led_by = ("recipient", "invitation", "subject_id")
    list_display = ["title", "to", "channel", "state_shown", "why", "tries", "age"]
    list_filter = ["state", "channel", MessageFilter, "reason"]
    search_fields = [
        "recipient__email",
        "recipient__name",
        "invitation__email",
        "message_id",
    ]
    search_help_text = _(
        "Words of a person or an address, a Message-ID, or a whole id."
    )
    search_ids = ("pk", "event", "subject_id", "recipient_id")
    date_hierarchy = "created_at"
    list_select_related = ["recipient", "invitation"]
    actions = ["send_again"]
    fieldsets = [
        (None, {"fields": ["title", "to", "channel", "state_shown"]}),
        (_("What became of it"), {"fields": ["why", "cure", "tries", "repeats"]}),
        (_("Times"), {"fields": ["created_at", "begun_at", "sent_at", "read_at"]}),
        (_("Origin"), {"fields": ["message_id", "subject_id", "event"]}),
    ]
    readonly_fields = ["title", "to", "state_shown", "why", "cure", "age"]

    def related(self, row: Delivery) -> Iterator[Related]:
        yield Related(_("Its jobs"), "jobs.job", {"subject": row.pk})
        if row.recipient is not None:
            person = {"q": row.recipient.email}
            yield Related(_("The person"), "accounts.user", person)
        here = {"subject_id": row.subject_id}
        yield Related(_("Events about it"), "jobs.event", here)

    def fits(self, action: str, row: Delivery, actor: Any) -> bool:  # noqa: ARG002
        ended = (DeliveryState.FAILED, DeliveryState.SKIPPED)
        return row.channel == Channel.EMAIL and row.state in ended

    @admin.display(description=_("message"), ordering="message")
    def title(self, delivery: Delivery) -> str:
        message = MESSAGES.get(delivery.message)
        return str(message.title) if message else delivery.message

    @admin.display(description=_("to"))
    def to(self, delivery: Delivery) -> str:
        if delivery.invitation is not None:
            return delivery.invitation.email
        return "" if delivery.recipient is None else delivery.recipient.email

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, delivery: Delivery) -> str:
        tone = _TONES[DeliveryState(delivery.state)]
        return badge(tone, delivery.get_state_display())

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, delivery: Delivery) -> str:
        return f"{reason_words(delivery.reason)} {delivery.detail}".strip()

    @admin.display(description=_("what helps"))
    def cure(self, delivery: Delivery) -> str:
        return cure_words(delivery.reason)

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, delivery: Delivery) -> str:
        """How long it has been waiting, or took in the end."""
        return age(delivery.created_at, delivery.sent_at)

    @admin.action(description=_("Send again"), permissions=["act"])
    def send_again(self, request: UserRequest, queryset: QuerySet[Delivery]) -> None:
        count = sum(
            deliver.send_again(delivery=delivery, actor=request.user)
            for delivery in queryset
        )
        said = ngettext("%d mail is sent again.", "%d mails are sent again.", count)
        self.message_user(request, said % count)
