"""The link in every mail that switches it off, without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.services import subscriptions
from notifications.states import Channel

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


# The mail program itself posts here (RFC 8058), with neither cookie nor token of a
# page. The signed link is what shows that it may.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, ticket: str) -> HttpResponse:
    """Ask on GET, since links are looked at by machines; switch off, or on, by POST."""
    about = subscriptions.ticket_of(ticket)
    if about is None:
        raise Http404
    if request.method == "POST":
        wanted = "undo" in request.POST
        choice = {(about.message.name, Channel.EMAIL): wanted}
        subscriptions.choose(person=about.person, choices=choice)
    wanted = subscriptions.wants(about.person, about.message, Channel.EMAIL)
    context = {"message": about.message, "wanted": wanted}
    return render(request, "notifications/unsubscribe.html", context)
