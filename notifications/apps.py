from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from examgen import header  # noqa: PLC0415
        from notifications.services.inbox import unread_column  # noqa: PLC0415

        header.register("unread", unread_column)
