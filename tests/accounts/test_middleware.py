"""Pages are drawn in the time zone of whoever looks."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from accounts.middleware import PreferencesMiddleware
from accounts.models import User


def zone_seen_by(user: User | AnonymousUser, rf: RequestFactory) -> str:
    """The time zone in which a page is drawn for this person."""

    def page(request: HttpRequest) -> HttpResponse:
        # As Django does, once it knows which view is asked for.
        middleware.process_view(request)
        return HttpResponse(timezone.get_current_timezone_name())

    request = rf.get("/")
    request.user = user
    middleware = PreferencesMiddleware(page)
    response = middleware(request)
    assert isinstance(response, HttpResponse)
    return response.content.decode()


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Sao_Paulo"])
def test_a_person_sees_times_of_their_own_zone(rf: RequestFactory, zone: str) -> None:
    before = timezone.get_current_timezone_name()
    assert zone_seen_by(User(time_zone=zone), rf) == zone
    assert timezone.get_current_timezone_name() == before


def test_a_visitor_sees_the_times_of_the_site(rf: RequestFactory) -> None:
    assert zone_seen_by(AnonymousUser(), rf) == "UTC"
