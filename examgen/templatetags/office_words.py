"""Figures of the operations page in words."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from examgen.office import rows

register = template.Library()

_TONES = {"ok": _("well"), "warn": _("slow"), "bad": _("look at it")}
_MINUTE, _HOUR = 60, 3600


@register.filter
def tone_badge(tone: str) -> SafeString:
    return rows.badge(tone, _TONES[tone])


@register.filter(name="bytes")
def size(number: int) -> str:
    return rows.megabytes(number)


@register.filter
def span(passed: timedelta | None) -> str:
    """How long something waits, as exactly as it matters; a dash for nothing."""
    if passed is None:
        return "–"
    seconds = max(0, int(passed.total_seconds()))
    if seconds < _MINUTE:
        return gettext("%(n)s s") % {"n": seconds}
    if seconds < _HOUR:
        minutes = seconds // _MINUTE
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = seconds // _HOUR
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
