"""Inviting people to a course, and the page that an invitation's link opens."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import addresses, entrance
from accounts.forms import InviteForm
from accounts.models import Course, Invitation, User
from accounts.models.courses import INVITATION_LASTS
from accounts.services import invitations as services
from accounts.services.enrolments import CannotJoinError
from accounts.views.access import educators_only, taught_course
from examgen.jobs.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from examgen.typing import UserRequest

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the addresses that were pasted."""

    sent: int
    sorted_out: services.Sorted
    pasted: addresses.Pasted

    @property
    def is_plain(self) -> bool:
        """Whether all that there is to say is how many were invited."""
        left = (self.sorted_out.invited, self.sorted_out.members)
        return not any((*left, self.pasted.invalid, self.pasted.repeated))


@educators_only
def invitations(request: UserRequest, course_id: uuid.UUID) -> HttpResponse:
    """Invite by pasted addresses; show who was asked and who has come."""
    course = taught_course(request, course_id)
    form = InviteForm(request.POST or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = _invite(request.user, course, form.cleaned_data["addresses"])
        if outcome.is_plain:
            messages.success(request, _on_their_way(outcome.sent))
            return redirect("invitations", course_id=course.id)
        # What is to be mended stays in the field.
        rest = "\n".join(outcome.pasted.invalid)
        form = InviteForm(initial={"addresses": rest})
    waiting_first = F("accepted_at").asc(nulls_first=True)
    rows = course.invitations.order_by(waiting_first, "email")
    wrong = bool(form.errors or (outcome and outcome.pasted.invalid))
    return render(
        request,
        "accounts/invitations.html",
        {
            "course": course,
            "form": form,
            "outcome": outcome,
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "oldest": now() - INVITATION_LASTS,
        },
        status=422 if wrong else 200,
    )


@educators_only
@require_POST
def invitation_resend(
    request: UserRequest, course_id: uuid.UUID, invitation_id: uuid.UUID
) -> HttpResponse:
    course = taught_course(request, course_id)
    waiting = get_object_or_404(course.invitations.pending(), id=invitation_id)
    if services.send_again(invitation=waiting, actor=request.user):
        said = _("The invitation to %(email)s is on its way again.")
        messages.success(request, said % {"email": waiting.email})
    else:
        said = _("The invitation to %(email)s left minutes ago. Give it some time.")
        messages.info(request, said % {"email": waiting.email})
    return redirect("invitations", course_id=course.id)


@educators_only
@require_POST
def invitation_withdraw(
    request: UserRequest, course_id: uuid.UUID, invitation_id: uuid.UUID
) -> HttpResponse:
    course = taught_course(request, course_id)
    waiting = get_object_or_404(course.invitations.pending(), id=invitation_id)
    services.withdraw(invitation=waiting, actor=request.user)
    said = _("The invitation to %(email)s is withdrawn.") % {"email": waiting.email}
    messages.success(request, said)
    return redirect("invitations", course_id=course.id)


@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by the link of a mail.

    A GET accepts for the person whose address was invited: nobody else has the link,
    and once more changes nothing. Another person is asked first.
    """
    found = services.invitation_of(token)
    if found is None:
        return _closed(request, "unknown", status=404)
    if found.accepted_at is None and found.expired(now()):
        return _closed(request, "expired", found)
    if request.user.is_anonymous and found.accepted_at is None:
        entrance.resume(request, found)
        if request.user.is_anonymous:
            return redirect(_way_in(request, found))
    if not request.user.is_authenticated:
        return _closed(request, "used", found)
    theirs = entrance.confirm(request.user, found.email)
    if theirs or found.accepted_at is not None or request.method == "POST":
        return _accept(request, found, request.user)
    return render(request, "accounts/invitation.html", {"invitation": found})


def _invite(actor: User, course: Course, pasted: addresses.Pasted) -> Outcome:
    sorted_out = services.sort_out(course=course, emails=pasted.valid)
    sent = services.invite(course=course, emails=sorted_out.new, actor=actor)
    return Outcome(len(sent), sorted_out, pasted)


def _on_their_way(n: int) -> str:
    words = ngettext(
        "%(n)s invitation is on its way.", "%(n)s invitations are on their way.", n
    )
    return words % {"n": n}


def _way_in(request: HttpRequest, brought: Invitation) -> str:
    """To sign-in for those with an account, else to sign-up: they need not choose."""
    known = entrance.has_account(brought.email)
    page = reverse("account_login" if known else "account_signup")
    return f"{page}?{urlencode({'next': request.path})}"


def _accept(request: HttpRequest, brought: Invitation, user: User) -> HttpResponse:
    try:
        services.accept_invitation(invitation=brought, user=user)
    except services.InvitationClosedError as error:
        return _closed(request, error.reason, brought)
    except CannotJoinError:
        messages.info(request, _("You teach this course, so you cannot take it."))
        return redirect("courses")
    if brought.course is None:
        messages.success(request, _("You may make exams now."))
        return redirect("home")
    said = _("You are in “%(name)s”.") % {"name": brought.course.name}
    messages.success(request, said)
    return redirect("courses")


def _closed(
    request: HttpRequest,
    reason: str,
    found: Invitation | None = None,
    *,
    status: int = 410,
) -> HttpResponse:
    """Say why a link leads no further, and what helps."""
    context = {"reason": reason, "invitation": found}
    return render(request, "accounts/invitation_closed.html", context, status=status)
