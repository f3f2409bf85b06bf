from __future__ import annotations

from django.urls import path

from notifications.views import inbox, unsubscribe

urlpatterns = [
    path("notifications/", inbox.notifications, name="notifications"),
    path("notifications/read/", inbox.read_all, name="notifications_read"),
    path(
        "notifications/<uuid:delivery_id>/",
        inbox.open_notification,
        name="notification",
    ),
    path("unsubscribe/<str:ticket>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
