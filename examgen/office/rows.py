"""Rows in the admin: written by services, looked at here, changed by actions alone.

The right to view a model lets staff look, the right to change it lets them use its
actions; nothing is typed into a row. What an action does is the service's to decide.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from examgen.jobs.clock import now

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import Promise

    from examgen.typing import UserRequest

_UNITS = (
    (2 * 86_400, 86_400, _("%(n)s days")),
    (2 * 3_600, 3_600, _("%(n)s h")),
    (2 * 60, 60, _("%(n)s min")),
)


@dataclass(frozen=True, slots=True)
class Related:
    """The rows of another list that belong to a row: `model` is `app.model`."""

    title: str | Promise
    model: str
    query: Mapping[str, object]

    @property
    def right(self) -> str:
        app, _dot, model = self.model.partition(".")
        return f"{app}.view_{model}"

    @property
    def url(self) -> str:
        page = reverse(f"admin:{self.model.replace('.', '_')}_changelist")
        return f"{page}?{urlencode(self.query)}"


# How an address may compare a field; nothing here tells the beginning of a secret.
_COMPARED = frozenset(
    {"", "exact", "in", "isnull", "isempty", "gte", "gt", "lte", "lt", "id__exact"}
    | {"year", "month", "day"}
)


class RowAdmin(admin.ModelAdmin[Any]):
    """A list to look at.

    `search_ids` are fields that a searched id may stand in; `led_by` are those, beside
    the filters, that links of other rows choose rows by.
    """

    search_ids: tuple[str, ...] = ("pk",)
    led_by: tuple[str, ...] = ()
    list_per_page = 50
    # Long tables would be counted twice for each page of their list.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Asked by rights alone: whoever may act may look.
        return super().has_view_permission(request, obj) or self._may_act(request)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """What actions ask for: `@admin.action(permissions=["act"])`."""
        return self._may_act(request)

    def related(self, row: Any) -> Iterator[Related]:  # noqa: ARG002
        """Lists that belong to a row; those that the reader may not view are left out."""
        yield from ()

    def lookup_allowed(
        self,
        lookup: str,
        value: str,  # noqa: ARG002
        request: HttpRequest | None = None,  # noqa: ARG002
    ) -> bool:
        """Django lets an address compare every column: `?key__contains=` would guess it."""
        field, _parts, how = lookup.partition("__")
        return field in self._filtered_by() and how in _COMPARED

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by id, as people paste it from a mail or a log, else by words."""
        wanted = _id(search_term) if self.search_ids else None
        if wanted is None:
            return super().get_search_results(request, queryset, search_term)
        places = (Q(**{field: wanted}) for field in self.search_ids)
        return queryset.filter(reduce(or_, places)), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        known = (
            {"related": [], "acts": []} if row is None else self._known(request, row)
        )
        context = {**known, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """What happened to a row stands in the events."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        events = Related("", "jobs.event", {"subject_id": object_id})
        return HttpResponseRedirect(events.url)

    def _filtered_by(self) -> Iterator[str]:
        yield from self.led_by
        if self.date_hierarchy:
            yield self.date_hierarchy
        for one in self.list_filter:
            if isinstance(one, str):
                yield one
            elif isinstance(one, tuple):
                yield str(one[0])
            else:
                yield str(getattr(one, "parameter_name", ""))

    def _known(self, request: UserRequest | Any, row: Model) -> dict[str, Any]:
        """What stands over a row: its lists, and the actions that it may be put to."""
        actions: dict[str, Any] = self.get_actions(request)
        lists = [one for one in self.related(row) if request.user.has_perm(one.right)]
        acts = [
            (name, description)
            for name, (_do, _name, description) in actions.items()
            if self.fits(name, row, request.user)
        ]
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return {"related": lists, "acts": acts, "acts_at": reverse(page)}

    def fits(self, action: str, row: Any, actor: Any) -> bool:  # noqa: ARG002
        """Whether a row's own page offers this action; the service has the last word."""
        return True

    def _may_act(self, request: HttpRequest) -> bool:
        right = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return request.user.has_perm(right)


def _id(words: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(words.strip())
    except ValueError:
        return None


def events_of(row: Any) -> Related:
    """What happened to a row."""
    return Related(_("Events"), "jobs.event", {"subject_id": row.pk})


def jobs_of(row: Any) -> Related:
    """What workers did and do for a row."""
    return Related(_("Jobs"), "jobs.job", {"subject": row.pk})


def link(url: str, words: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, words)


def row_link(kind: str, key: object, words: object = "") -> SafeString | str:
    """A link to the row that a bare id means; `kind` is the model's name in small.

    The id alone where this admin has no list of such rows.
    """
    for model in apps.get_models():
        if model._meta.model_name == kind and admin.site.is_registered(model):  # noqa: SLF001 - Django's public name
            name = f"admin:{model._meta.app_label}_{kind}_change"  # noqa: SLF001
            try:
                return link(reverse(name, args=[str(key)]), words or key)
            except NoReverseMatch:
                break
    return str(words or key)


def badge(tone: str, words: object) -> SafeString:
    """A state in words and colour: `ok`, `warn`, `bad`, `live` or `calm`."""
    return format_html('<span class="office-badge is-{}">{}</span>', tone, words)


def verbatim(text: str) -> SafeString:
    """A long text in its own lines, which scroll instead of pushing the page apart."""
    return format_html('<pre class="office-verbatim" tabindex="0">{}</pre>', text)


def age(since: datetime, until: datetime | None = None) -> str:
    """How long ago it was; `until` another moment than now."""
    return span((until or now()) - since)


def span(passed: timedelta) -> str:
    """A length of time, as exactly as it matters to whoever looks after a site."""
    left = max(0, int(passed.total_seconds()))
    for least, unit, words in _UNITS:
        if left >= least:
            return str(words) % {"n": left // unit}
    return gettext("%(n)s s") % {"n": left}


def megabytes(size: int) -> str:
    """A size in the unit that suits it, as disks are sold: 1 MB is a million bytes."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:  # noqa: PLR2004 - a thousand of each make the next
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return gettext("%(amount)s TB") % {"amount": f"{amount:.1f}"}
