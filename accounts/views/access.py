"""Who may open a page, and the few things that every view of the site does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import Course

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from examgen.typing import UserRequest

P = ParamSpec("P")
View = Callable[Concatenate["UserRequest", P], "HttpResponseBase"]


def educators_only(view: View[P]) -> View[P]:
    """Answer 403 to people who may not make exams."""

    @wraps(view)
    def checked(
        request: UserRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_educator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def taught_course(request: UserRequest, course_id: uuid.UUID) -> Course:
    """A course of this educator's with its counts; 404 for everybody else's."""
    courses = Course.objects.for_user(request.user).with_counts()
    return get_object_or_404(courses.select_related("owner"), id=course_id)
