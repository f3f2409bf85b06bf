"""Points in time as people write them: in their zone and the order of their language."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

# Translators: letters stand for parts of a date as in Django's filter `date`; give the
# order and the marks that your language has between them.
_FORMATS = {
    "moment": gettext_noop("j F, H:i"),
    "weekday": gettext_noop("l, j F, H:i"),
    "year": gettext_noop("j F Y, H:i"),
    "whole": gettext_noop("l, j F Y, H:i"),
    "day": gettext_noop("j F Y"),
    "time": gettext_noop("H:i"),
    "second": gettext_noop("H:i:s"),
}


def written(value: datetime, style: str = "moment") -> str:
    """`26 November, 10:00` and, by style, more of it or less; KeyError for no style."""
    return date_format(localtime(value), gettext(_FORMATS[style]))
