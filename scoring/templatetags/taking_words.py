"""Codes in words, and numbers as people read them, for templates."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import localize

from scoring import wording
from scoring.grading import plain

register = template.Library()


@register.filter
def refusal(code: str) -> str:
    return str(wording.REFUSALS[code])


@register.filter
def invalid_words(code: str) -> str:
    return str(wording.INVALID[code])


@register.filter
def mark_problem(code: str) -> str:
    return str(wording.MARK_PROBLEMS[code])


@register.filter
def points(value: Decimal | str | None) -> str:
    """Points without needless zeros, to two places: 1, 0.5, 0.33."""
    if value is None:
        return ""
    rounded = Decimal(value).quantize(Decimal("0.01"))
    return str(localize(Decimal(plain(rounded))))


@register.filter
def short_receipt(receipt: str) -> str:
    """As it is read aloud: `7F3A 90C1`."""
    return f"{receipt[:4]} {receipt[4:8]}".upper()
