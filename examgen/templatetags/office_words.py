"""Figures of the pages of ours in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from examgen.office import rows
from exams.quality import Share

register = template.Library()

_TONES = {"ok": _("well"), "warn": _("slow"), "bad": _("look at it")}


@register.filter
def tone_badge(tone: str) -> SafeString:
    return rows.badge(tone, _TONES[tone])


@register.filter(name="bytes")
def size(number: int) -> str:
    return rows.megabytes(number)


@register.filter
def span(passed: timedelta | None) -> str:
    """How long something waits; a dash for nothing."""
    return "–" if passed is None else rows.span(passed)


@register.simple_tag
def since(moment: datetime, at: datetime) -> str:
    return rows.age(moment, at)


@register.filter
def sure(share: Share) -> str:
    """A share in percent, and in brackets where its true value lies."""
    return gettext("%(value)s %% (%(low)s to %(high)s)") % {
        "value": round(100 * share.value),
        "low": round(100 * share.low),
        "high": round(100 * share.high),
    }
