"""What one is told on the site, and what one wants to be told."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from notifications.forms import ChoicesForm
from notifications.models import Delivery
from notifications.services import inbox, subscriptions

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: UserRequest) -> HttpResponse:
    """The list, newest first, and beside it the table of choices."""
    # Boxes that are not ticked are not sent: an empty form says no to everything.
    posted = request.POST if request.method == "POST" else None
    form = ChoicesForm(posted, person=request.user)
    if form.is_valid():
        subscriptions.choose(person=request.user, choices=form.chosen())
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications")
    told = Delivery.objects.for_user(request.user).on_site()
    page = Paginator(told, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notifications/notifications.html",
        {"page": page, "lines": inbox.lines(page.object_list), "form": form},
    )


@require_safe
def open_notification(request: UserRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """Go where a notification leads; it is read then."""
    own = Delivery.objects.for_user(request.user).on_site()
    delivery = get_object_or_404(own, id=delivery_id)
    return redirect(inbox.open_delivery(delivery=delivery))


@require_POST
def read_all(request: UserRequest) -> HttpResponse:
    inbox.read_all(person=request.user)
    return redirect("notifications")
