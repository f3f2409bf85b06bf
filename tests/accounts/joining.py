"""The site with the plainest page behind a course's link: whoever opens it joins.

What matters to the tests that use it is the way to such a page, not the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.urls import path

from accounts.services import courses
from examgen import urls

if TYPE_CHECKING:
    from examgen.typing import UserRequest


def join(request: UserRequest, code: str) -> HttpResponse:
    course = courses.find_by_code(code)
    if course is None:
        raise Http404
    courses.join(course=course, user=request.user)
    return HttpResponse(f"in {course.name}")


handler403, handler404 = urls.handler403, urls.handler404
urlpatterns = [path("join/<str:code>/", join), *urls.urlpatterns]
