"""The admin of this site: Django's own, with pages about how the site does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from examgen import probes
from examgen.jobs.clock import now
from examgen.office import charts, kept, lanes, room, shares, trends
from examgen.office.rows import Related
from examgen.probes.tables import probe_tables
from exams.services.verdicts import verdicts

if TYPE_CHECKING:
    from django.core.checks import CheckMessage
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern, URLResolver

# These pages tell of all the site: rights to what they tell of open them.
SEES_OPERATIONS = "jobs.view_job"
SEES_TRENDS = "jobs.view_event"
SEES_VERDICTS = "exams.view_exam"
# Topics are what questions ask about, and so of the key.
SEES_TOPICS = "exams.view_question"
SEES_WISHES = "accounts.view_educatorrequest"


ORDER = ("accounts", "exams", "scoring", "notifications", "jobs")
SIGNING_IN = ("account", "mfa", "socialaccount", "api", "auth")


class Office(admin.AdminSite):
    """Where staff look after the site."""

    site_title = _("Examgen admin")
    site_header = _("Examgen admin")
    index_title = _("What there is to look after")

    def get_urls(self) -> list[URLResolver | URLPattern]:
        ours: list[URLResolver | URLPattern] = [
            path("operations/", self.admin_view(self.operations), name="operations"),
            path("trends/", self.admin_view(self.trends), name="trends"),
            path("verdicts/", self.admin_view(self.verdicts), name="verdicts"),
        ]
        return [*ours, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        sees = request.user.has_perm
        return {
            **super().each_context(request),
            "sees_operations": sees(SEES_OPERATIONS),
            "sees_trends": sees(SEES_TRENDS),
            "sees_verdicts": sees(SEES_VERDICTS),
        }

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """In the order of what is looked for most, what is about signing in together."""
        found = super().get_app_list(request, app_label)
        if app_label is not None:
            return found
        ranked = sorted(found, key=lambda app: _rank(app["app_label"]))
        shown = [app for app in ranked if app["app_label"] not in SIGNING_IN]
        if accounts := [app for app in ranked if app["app_label"] in SIGNING_IN]:
            models = [model for app in accounts for model in app["models"]]
            shown.append({**accounts[0], "name": _("Signing in"), "models": models})
        return shown

    def password_change(  # type: ignore[override] # a redirect instead of a page
        self,
        request: HttpRequest,  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Where everybody changes theirs, with what guards it."""
        return redirect("account_change_password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Above the lists: what waits for somebody."""
        waiting = {"waiting": self._waiting(request), **(extra_context or {})}
        return super().index(request, waiting)

    def operations(self, request: HttpRequest) -> HttpResponse:
        """How work stands. By POST every part is asked, which takes some seconds."""
        return _operations(request, self)

    def trends(self, request: HttpRequest) -> HttpResponse:
        """How the site is used."""
        return _trends(request, self)

    def verdicts(self, request: HttpRequest) -> HttpResponse:
        """What educators made of drafted questions."""
        return _verdicts(request, self)

    def _waiting(self, request: HttpRequest) -> list[dict[str, Any]]:
        at, sees = now(), request.user.has_perm
        found: list[dict[str, Any]] = []
        if sees(SEES_WISHES):
            count = User.objects.get_queryset().asking_to_teach().count()
            rows = Related(_("wishes to make exams"), "accounts.educatorrequest", {})
            found.append({"count": count, "rows": rows, "tone": "warn"})
        if sees(SEES_OPERATIONS):
            failed = sum(failure.day for failure in lanes.failures(at))
            due = sum(lane.due for lane in lanes.lanes(at))
            found.append({"count": failed, "failed": True, "tone": "bad"})
            found.append({"count": due, "due": True, "tone": "calm"})
        return found


def _rank(app: str) -> int:
    labels = (*ORDER, *SIGNING_IN)
    return labels.index(app) if app in labels else len(labels)


@require_http_methods(["GET", "HEAD", "POST"])
def _operations(request: HttpRequest, site: Office) -> HttpResponse:
    if not request.user.has_perm(SEES_OPERATIONS):
        raise PermissionDenied
    at = now()
    asked: list[CheckMessage] | None = None
    if request.method == "POST":
        tables = ("DATABASE_URL", probe_tables)
        asked = probes.asked((*probes.PROBES, tables))
    part = "HX-Request" in request.headers
    figures = {
        "at": at,
        "lanes": lanes.lanes(at),
        "failures": lanes.failures(at),
        "room": room.room(),
    }
    if part:
        return TemplateResponse(request, "admin/_figures.html", figures)
    context = {
        **site.each_context(request),
        **figures,
        "title": _("Operations"),
        "asked": asked,
        "versions": room.versions(),
    }
    return TemplateResponse(request, "admin/operations.html", context)


@require_safe
def _trends(request: HttpRequest, site: Office) -> HttpResponse:
    if not request.user.has_perm(SEES_TRENDS):
        raise PermissionDenied
    at = now()
    by = trends.By.WEEK if request.GET.get("by") == "week" else trends.By.DAY
    sees_topics = request.user.has_perm(SEES_TOPICS)
    context = {
        **site.each_context(request),
        "title": _("Trends"),
        "by": by.value,
        "charts": [
            (trend, charts.chart(trend.points)) for trend in trends.trends(by, at)
        ],
        "sees_topics": sees_topics,
        "topics": trends.topics(by, at) if sees_topics else [],
    }
    return TemplateResponse(request, "admin/trends.html", context)


@require_safe
def _verdicts(request: HttpRequest, site: Office) -> HttpResponse:
    if not request.user.has_perm(SEES_VERDICTS):
        raise PermissionDenied
    asked = request.GET.get("by", "")
    by = kept.By(asked) if asked in set(kept.By) else kept.By.MAKER
    judged = verdicts()
    tallies = kept.tallies(judged, by)
    context = {
        **site.each_context(request),
        "title": _("Verdicts on questions"),
        "by": by.value,
        "whole": kept.together(judged),
        "tallies": tallies,
        "chart": shares.chart(tallies),
    }
    return TemplateResponse(request, "admin/verdicts.html", context)
