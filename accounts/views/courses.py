"""Courses of whoever looks, and one course as its educators see it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import (
    CourseForm,
    CourseSettingsForm,
    EducatorAddressForm,
    SearchForm,
)
from accounts.models import Course, Enrolment
from accounts.services import courses as services
from accounts.services.enrolments import CannotTeachError
from accounts.views.access import educators_only, taught_course

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest

PER_PAGE = 20
STUDENTS_PER_PAGE = 25


def course_list(request: UserRequest) -> HttpResponse:
    """List what one teaches and what one attends; a POST makes a course."""
    form = CourseForm(request.POST or None)
    if request.method == "POST":
        if not request.user.is_educator:
            raise PermissionDenied
        if form.is_valid():
            course = services.create_course(
                owner=request.user, name=form.cleaned_data["name"]
            )
            return redirect("course", course_id=course.id)
    taught = Course.objects.for_user(request.user).with_counts()
    attended = Enrolment.objects.for_user(request.user).of(request.user).students()
    return render(
        request,
        "accounts/courses.html",
        {
            "form": form,
            "page": Paginator(taught, PER_PAGE).get_page(request.GET.get("page")),
            "attended": attended.select_related("course__owner").order_by(
                "course__name"
            ),
        },
        status=422 if form.errors else 200,
    )


@educators_only
@require_GET
def course_detail(request: UserRequest, course_id: uuid.UUID) -> HttpResponse:
    """Show code, roster and settings; the roster alone to whoever searches in it."""
    course = taught_course(request, course_id)
    if request.htmx:
        return render(request, "accounts/_roster.html", _roster(request, course))
    return _page(request, course)


@educators_only
@require_POST
def course_change(request: UserRequest, course_id: uuid.UUID) -> HttpResponse:
    course = taught_course(request, course_id)
    form = CourseSettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, course, settings_form=form)
    services.change_course(course=course, actor=request.user, **form.cleaned_data)
    messages.success(request, _("The settings of the course are saved."))
    return redirect("course", course_id=course.id)


@educators_only
@require_POST
def course_joining(request: UserRequest, course_id: uuid.UUID) -> HttpResponse:
    """Open the course to whoever has its code, or close it."""
    course = taught_course(request, course_id)
    to_open = request.POST.get("open") == "yes"
    services.change_course(course=course, actor=request.user, open_to_join=to_open)
    messages.success(
        request,
        _("Joining is open: the code works.")
        if to_open
        else _("Joining is closed: the code lets nobody in. Invitations still do."),
    )
    return redirect("course", course_id=course.id)


@educators_only
def course_code(request: UserRequest, course_id: uuid.UUID) -> HttpResponse:
    """Ask, then give the course another code."""
    course = taught_course(request, course_id)
    if request.method == "POST":
        services.renew_code(course=course, actor=request.user)
        messages.success(request, _("The course has a new code. The old one is dead."))
        return redirect("course", course_id=course.id)
    return render(request, "accounts/course_code.html", {"course": course})


@educators_only
@require_POST
def educator_add(request: UserRequest, course_id: uuid.UUID) -> HttpResponse:
    """Let another educator teach the course, found by their address."""
    course = taught_course(request, course_id)
    form = EducatorAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, course, educator_form=form)
    email = form.cleaned_data["email"]
    try:
        enrolment = services.add_educator(
            course=course, email=email, actor=request.user
        )
    except CannotTeachError as error:
        form.add_error("email", _why_not(error.reason, email))
        return _page(request, course, educator_form=form)
    said = _("%(name)s teaches this course too now.") % {"name": enrolment.user}
    messages.success(request, said)
    return redirect("course", course_id=course.id)


@educators_only
@require_POST
def educator_remove(
    request: UserRequest, course_id: uuid.UUID, educator_id: uuid.UUID
) -> HttpResponse:
    """Take a co-educator out; `educator_id` is their enrolment's."""
    course = taught_course(request, course_id)
    enrolment = get_object_or_404(course.enrolments.educators(), id=educator_id)
    services.leave(enrolment=enrolment, actor=request.user)
    said = _("%(name)s does not teach this course any more.")
    messages.success(request, said % {"name": enrolment.user})
    if enrolment.user_id == request.user.id:
        return redirect("courses")
    return redirect("course", course_id=course.id)


def _why_not(reason: str, email: str) -> str:
    if reason == "owner":
        return _("The course belongs to this person already.")
    if reason == "teaches":
        return _("This person teaches the course already.")
    words = _(
        "No educator has the address %(email)s. "
        "It must be the one they sign in with, and they must be allowed to make exams."
    )
    return words % {"email": email}


def _page(request: UserRequest, course: Course, **forms: Any) -> HttpResponse:
    """The page of a course; with `forms` those that hold what must be mended."""
    current = {"name": course.name, "aliases": course.aliases}
    return render(
        request,
        "accounts/course.html",
        {
            **_roster(request, course),
            "link": services.join_link(course),
            "educators": course.enrolments.educators().select_related("user"),
            "settings_form": CourseSettingsForm(initial=current),
            "educator_form": EducatorAddressForm(),
            **forms,
        },
        status=422 if forms else 200,
    )


def _roster(request: UserRequest, course: Course) -> dict[str, Any]:
    """The students that were searched for; with `left`, those who have left."""
    search = SearchForm(request.GET)
    left = "left" in request.GET
    former = course.enrolments.former_students()
    rows = former if left else course.enrolments.students()
    found = rows.found(search.words()).select_related("user")
    page = Paginator(found, STUDENTS_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "course": course,
        "page": page,
        "search": search,
        "left": left,
        "former_count": page.paginator.count if left else former.count(),
        "removed": _removed(request, course),
    }


def _removed(request: UserRequest, course: Course) -> Enrolment | None:
    """Who was taken out a moment ago, so that it can be undone."""
    try:
        removed = uuid.UUID(request.GET.get("removed", ""))
    except ValueError:
        return None
    former = course.enrolments.former_students().select_related("user")
    return former.filter(id=removed).first()
