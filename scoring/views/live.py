"""The live page of an exam: who works, who is done, more time, a word to all."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from examgen.jobs.clock import now
from exams.views.access import educators_only
from scoring.forms.running import EVERYBODY, AnnounceForm, ExtendForm
from scoring.models import Attempt
from scoring.services import announcements, extensions, live
from scoring.services.closing import RefusedError
from scoring.states import AttemptState
from scoring.views.versions import own_version

if TYPE_CHECKING:
    from examgen.typing import UserRequest
    from exams.models import ExamVersion


@educators_only
@require_GET
def live_page(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """The whole page, or for htmx the part that changes."""
    version = own_version(request.user, exam_id)
    if request.htmx:
        return render(request, "scoring/_room.html", _context(version))
    return _page(request, version)


@educators_only
@require_POST
def extend(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    """Give everybody, or the one attempt that is named, more time."""
    version = own_version(request.user, exam_id)
    attempt = _named(request, version)
    takers = _at_work(_context(version))
    if attempt is not None and attempt.id not in dict(takers):
        # Done meanwhile: still who was meant, and no reason to take somebody else.
        takers.append((attempt.id, _("%(name)s, done") % {"name": attempt.user}))
    form = ExtendForm(request.POST, takers=takers)
    if not form.is_valid():
        return _page(request, version, extend_form=form)
    given = {
        "span": form.span,
        "reason": form.cleaned_data["reason"],
        "actor": request.user,
    }
    try:
        if attempt is None:
            extensions.extend_all(version=version, **given)
            said = _("Everybody who is working has %(n)d more minutes.")
        else:
            extensions.extend_one(attempt=attempt, **given)
            said = _("%(name)s has %(n)d more minutes.")
    except RefusedError:
        messages.error(request, _("No more time: it is over, or has no limit."))
    else:
        facts = {"n": form.cleaned_data["minutes"], "name": attempt and attempt.user}
        messages.success(request, said % facts)
    return redirect("live", exam_id=exam_id)


@educators_only
@require_POST
def announce(request: UserRequest, exam_id: uuid.UUID) -> HttpResponse:
    version = own_version(request.user, exam_id)
    form = AnnounceForm(request.POST)
    if not form.is_valid():
        return _page(request, version, announce_form=form)
    announcements.announce(
        version=version, text=form.cleaned_data["text"], actor=request.user
    )
    messages.success(request, _("Announced. Open exam pages show it within seconds."))
    return redirect("live", exam_id=exam_id)


def _named(request: UserRequest, version: ExamVersion) -> Attempt | None:
    """The attempt that more time is for; None: all of them, or nobody is named."""
    named = request.POST.get("attempt", "")
    if named in ("", EVERYBODY):
        return None
    try:
        attempt_id = uuid.UUID(named)
    except ValueError as error:
        raise Http404 from error
    attempts = Attempt.objects.held_by(request.user).filter(version=version)
    return get_object_or_404(attempts.select_related("user", "version"), id=attempt_id)


def _page(
    request: UserRequest,
    version: ExamVersion,
    *,
    extend_form: ExtendForm | None = None,
    announce_form: AnnounceForm | None = None,
) -> HttpResponse:
    wrong = extend_form is not None or announce_form is not None
    context = _context(version)
    context |= {
        "extend_form": extend_form or ExtendForm(takers=_at_work(context)),
        "announce_form": announce_form or AnnounceForm(),
        "announcements": version.announcements.order_by("-created_at")[:5],
    }
    return render(request, "scoring/live.html", context, status=422 if wrong else 200)


def _at_work(context: dict[str, Any]) -> list[tuple[uuid.UUID, str]]:
    """Who may be given more time, and how they are named."""
    return [(taker.attempt.id, str(taker.user)) for taker in context["working"]]


def _context(version: ExamVersion) -> dict[str, Any]:
    room = live.room(version, at=now())
    return {
        "version": version,
        "room": room,
        "questions": len(version.questions),
        "working": [t for t in room.takers if t.attempt and t.working],
        # Whoever was granted more time may outlive the doors.
        "polls": version.closed_at is None or room.working > 0,
        "open_state": AttemptState.OPEN,
    }
