"""Deliveries for the operator: what became of each, and sending again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from examgen.jobs.admin import ReadOnlyAdmin
from examgen.jobs.clock import now
from notifications.models import Delivery
from notifications.services import deliver
from notifications.wording import reason_words

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from examgen.typing import UserRequest


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["message", "to", "channel", "state", "why", "tries", "age"]
    list_filter = ["state", "reason", "message", "channel"]
    search_fields = ["recipient__email", "invitation__email", "message_id", "detail"]
    date_hierarchy = "created_at"
    list_select_related = ["recipient", "invitation"]
    actions = ["send_again"]

    @admin.display(description=_("to"))
    def to(self, delivery: Delivery) -> str:
        if delivery.invitation is not None:
            return delivery.invitation.email
        return "" if delivery.recipient is None else delivery.recipient.email

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, delivery: Delivery) -> str:
        return f"{reason_words(delivery.reason)} {delivery.detail}".strip()

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, delivery: Delivery) -> str:
        """How long it has been waiting, or took in the end."""
        return timesince(delivery.created_at, delivery.sent_at or now())

    # Without a change permission Django would hide actions, so they name "view".
    @admin.action(description=_("Send again"), permissions=["view"])
    def send_again(self, request: UserRequest, queryset: QuerySet[Delivery]) -> None:
        count = sum(
            deliver.send_again(delivery=delivery, actor=request.user)
            for delivery in queryset
        )
        said = ngettext("%d mail is sent again.", "%d mails are sent again.", count)
        self.message_user(request, said % count)
