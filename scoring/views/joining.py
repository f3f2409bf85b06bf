"""The way in by a code: to a course, or to an exam and the course that takes it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import entrance
from accounts.services import courses
from accounts.services.enrolments import CannotJoinError
from accounts.services.guesses import WINDOW_SECONDS
from scoring.services import joining
from scoring.services.joining import Found, TooManyGuessesError

if TYPE_CHECKING:
    from examgen.typing import UserRequest


@require_safe
def type_code(request: UserRequest) -> HttpResponse:
    """Ask for a code; one that was typed leads to its own address."""
    typed = request.GET.get("code", "")
    if not typed.strip():
        return render(request, "scoring/join_code.html")
    found = _look_up(request, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(found, HttpResponse):
        return found
    return redirect("join", found.code)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: UserRequest, code: str) -> HttpResponse:
    """Ask whether to join; a POST does. Who is in already goes straight on."""
    found = _look_up(request, code, HTTPStatus.NOT_FOUND)
    if isinstance(found, HttpResponse):
        return found
    if joining.teaches(found, request.user):
        return _to_their_own(found)
    if found.course is None or joining.is_in(found, request.user):
        return _in(found)
    if request.method == "POST":
        try:
            courses.join(course=found.course, user=request.user)
        except CannotJoinError:
            # The page itself says so.
            return redirect("join", found.code)
        said = _("You are in “%(name)s”.") % {"name": found.course.name}
        messages.success(request, said)
        return _in(found)
    context = {"found": found, "course": found.course, "version": found.version}
    return render(request, "scoring/join.html", context)


def _look_up(request: UserRequest, typed: str, status: int) -> Found | HttpResponse:
    """What the code leads to, else the page that asks for another one."""
    try:
        found = joining.find(typed, guesser=entrance.guesser_of(request))
    except TooManyGuessesError:
        error = _("Too many wrong codes. Wait ten minutes, then try again.")
        response = _ask_again(request, typed, error, HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(WINDOW_SECONDS)
        return response
    if found is None:
        error = _("No course and no exam has this code. Compare it sign by sign.")
        return _ask_again(request, typed, error, status)
    return found


def _ask_again(
    request: UserRequest, typed: str, error: str, status: int
) -> HttpResponse:
    context = {"typed": typed[:20], "error": error}
    return render(request, "scoring/join_code.html", context, status=status)


def _in(found: Found) -> HttpResponse:
    """Where a code leads those who are in: to the exam, or to their courses."""
    if found.version is not None:
        return redirect("take", found.version.exam_id)
    return redirect("courses")


def _to_their_own(found: Found) -> HttpResponse:
    """A colleague who teaches the course is not led to an exam of somebody else's."""
    if found.course is not None:
        return redirect("course", found.course.pk)
    assert found.version is not None
    return redirect("share", found.version.exam_id)
