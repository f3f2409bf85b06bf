"""Coming by a code: into a course, or to an exam and through its course."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import entrance
from accounts.codes import normalised
from accounts.services import courses, guesses
from scoring.services.joining import Target, find_target

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.models import Course
    from examgen.typing import UserRequest

_LONGEST_SHOWN = 20


@require_safe
def type_code(request: UserRequest) -> HttpResponse:
    """Ask for a code; one that comes along leads on at once."""
    if typed := normalised(request.GET.get("code", "")):
        return redirect("join", code=typed[:_LONGEST_SHOWN])
    return render(request, "scoring/join_code.html")


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: UserRequest, code: str) -> HttpResponse:
    """Lead on where nothing is to be decided; else ask once, and a POST joins.

    A link alone enrols nobody: the course's educators see who is in it.
    """
    guesser = entrance.guesser(request)
    if guesses.too_many(guesser):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    target = find_target(typed=code, user=request.user)
    if target is None:
        guesses.count_wrong(guesser)
        return _wrong(request, code)
    if target.teaches:
        return _lead_teacher(request, target)
    if target.course is None or target.inside:
        return _lead_on(target)
    if request.method == "POST":
        return _join(request, target, target.course)
    # A door that is shut may still open for those who were inside before.
    return render(request, "scoring/join.html", {"target": target})


def _join(request: UserRequest, target: Target, course: Course) -> HttpResponse:
    try:
        courses.join(course=course, user=request.user)
    except courses.CannotJoinError:
        context = {"target": target, "shut": True}
        status = HTTPStatus.FORBIDDEN
        return render(request, "scoring/join.html", context, status=status)
    messages.success(request, _("You are in “%(name)s”.") % {"name": course.name})
    return _lead_on(target)


def _lead_on(target: Target) -> HttpResponse:
    if target.version is not None:
        return redirect("take", target.version.exam_id)
    return redirect("courses")


def _lead_teacher(request: UserRequest, target: Target) -> HttpResponse:
    if target.version is not None and target.version.exam.owner_id == request.user.id:
        return redirect("take", target.version.exam_id)
    messages.info(request, _("You teach this course, so you cannot take it."))
    return redirect("courses")


def _wrong(request: UserRequest, code: str) -> HttpResponse:
    """Say what was typed, so that a slip is seen."""
    shown = code.strip()[:_LONGEST_SHOWN]
    return render(
        request,
        "scoring/join_code.html",
        {"wrong": shown},
        status=HTTPStatus.NOT_FOUND,
    )
