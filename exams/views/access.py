"""Who may open a page, and the few things that every view of this app does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied

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
