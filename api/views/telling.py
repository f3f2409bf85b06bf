"""What one is told on the site, and what one wants to be told."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from rest_framework.response import Response

from accounts.models import User
from api.operations import SEEN, listing, operation
from api.paging import paged
from api.requests import ApiRequest
from api.serializers.filters import NotificationFilter
from api.serializers.telling import ChoicesShape, NotificationShape, ReadShape
from api.views.base import ApiView
from api.views.rows import asked, one, read
from api.views.seen import as_seen, hold_oneself
from notifications.models import Delivery
from notifications.services import inbox, subscriptions
from notifications.states import Channel


class Notifications(ApiView):
    """What one is told on the site."""

    scope = "notifications"

    @listing("notifications", NotificationShape, parameters=[NotificationFilter])
    def get(self, request: ApiRequest) -> Response:
        """List what one was told, newest first."""
        rows = Delivery.objects.for_user(request.user).on_site()
        rows = rows.filter(**asked(NotificationFilter, request))
        order = ("-created_at", "-id")
        return paged(request, rows, NotificationShape, *order, told=inbox.lines)


class ReadAll(ApiView):
    """All that one was told."""

    scope = "notifications"

    @operation("notifications_read", returns=ReadShape)
    def post(self, request: ApiRequest) -> Response:
        """Mark everything as read that is there now."""
        return Response({"read": inbox.read_all(person=request.user)})


class OneNotification(ApiView):
    """One thing that one was told."""

    scope = "notifications"

    @operation("notification_read", status=HTTPStatus.NO_CONTENT)
    def post(self, request: ApiRequest, delivery_id: uuid.UUID) -> Response:
        """Mark it as read."""
        own = Delivery.objects.for_user(request.user).on_site()
        inbox.open_delivery(delivery=one(own, id=delivery_id))
        return Response(status=HTTPStatus.NO_CONTENT)


class Choices(ApiView):
    """What one wants to be told, by which channel."""

    scope = "notifications"

    @operation("choices", returns=ChoicesShape)
    def get(self, request: ApiRequest) -> Response:
        """Tell every choice that one has, and how it stands."""
        return _choices(request.user)

    def hold(self, request: ApiRequest) -> None:
        # A choice that was never made has no row.
        hold_oneself(request)

    @operation(
        "choices_change",
        sends=ChoicesShape,
        returns=ChoicesShape,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def patch(self, request: ApiRequest) -> Response:
        """Choose; what is not named stays, and what is no choice of one's is ignored."""
        wish: list[dict[str, Any]] = read(ChoicesShape, request)["choices"]
        wanted = {
            (choice["message"], Channel(choice["channel"])): choice["wanted"]
            for choice in wish
        }
        subscriptions.choose(person=request.user, choices=wanted)
        return _choices(request.user)


def _choices(person: User) -> Response:
    told = [
        {"message": message, "channel": channel.value, "wanted": wanted}
        for (message, channel), wanted in subscriptions.choices_of(person).items()
    ]
    return Response({"choices": told})
