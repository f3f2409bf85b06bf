"""One student in one course: time granted, taken out, brought back, leaving."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import AccommodationForm
from accounts.models import Enrolment
from accounts.services import courses as services
from accounts.views.access import educators_only, taught_course

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest


@educators_only
def student(
    request: UserRequest, course_id: uuid.UUID, enrolment_id: uuid.UUID
) -> HttpResponse:
    """Show and change the time that a student is granted."""
    course = taught_course(request, course_id)
    students = course.enrolments.students().select_related("user")
    enrolment = get_object_or_404(students, id=enrolment_id)
    granted = {
        "multiplier": enrolment.multiplier,
        "extra_minutes": enrolment.extra_minutes,
    }
    form = AccommodationForm(request.POST or None, initial=granted)
    if request.method == "POST" and form.is_valid():
        services.accommodate(
            enrolment=enrolment, actor=request.user, **form.cleaned_data
        )
        said = _("The time of %(name)s is saved.") % {"name": enrolment.user}
        messages.success(request, said)
        return redirect("course", course_id=course.id)
    return render(
        request,
        "accounts/student.html",
        {"course": course, "enrolment": enrolment, "form": form},
        status=422 if form.errors else 200,
    )


@educators_only
@require_POST
def student_remove(
    request: UserRequest, course_id: uuid.UUID, enrolment_id: uuid.UUID
) -> HttpResponse:
    """Take a student out at once: the page that follows offers to undo it."""
    course = taught_course(request, course_id)
    enrolment = get_object_or_404(course.enrolments.students(), id=enrolment_id)
    services.leave(enrolment=enrolment, actor=request.user)
    back = reverse("course", args=[course.id])
    return redirect(f"{back}?removed={enrolment.id}")


@educators_only
@require_POST
def student_bring_back(
    request: UserRequest, course_id: uuid.UUID, former_id: uuid.UUID
) -> HttpResponse:
    course = taught_course(request, course_id)
    former = course.enrolments.former_students().select_related("user")
    enrolment = get_object_or_404(former, id=former_id)
    services.bring_back(enrolment=enrolment, actor=request.user)
    said = _("%(name)s is in the course again.") % {"name": enrolment.user}
    messages.success(request, said)
    return redirect("course", course_id=course.id)


def course_leave(request: UserRequest, course_id: uuid.UUID) -> HttpResponse:
    """Ask a student, then let them go."""
    own = Enrolment.objects.for_user(request.user).of(request.user).students()
    enrolment = get_object_or_404(own.select_related("course"), course=course_id)
    if request.method == "POST":
        services.leave(enrolment=enrolment, actor=request.user)
        said = _("You left “%(name)s”.") % {"name": enrolment.course.name}
        messages.success(request, said)
        return redirect("courses")
    return render(request, "accounts/course_leave.html", {"enrolment": enrolment})
