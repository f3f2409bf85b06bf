"""Small pieces of markup that every template needs. Loaded everywhere (builtins)."""

from __future__ import annotations

import re
from datetime import datetime

import segno
from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from examgen import logo, moments

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: words stand beside it."""
    return format_html(
        '<svg class="eg-icon {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def site_name() -> str:
    """What the site is called, for pages that are rendered without a request too."""
    name: str = settings.SITE_NAME
    return name


@register.simple_tag
def site_logo(*, whole: bool = False) -> str:
    """The address of the site's logo, for mails the `whole` one; empty without one."""
    path = logo.address()
    return f"{settings.SITE_URL}{path}" if path and whole else path


@register.simple_tag
def qr(link: str) -> SafeString:
    """A link as a picture for cameras: an SVG without a style, dark on its own white.

    It has no size of its own and no words: both belong to what stands around it.
    """
    made = segno.make_qr(link, error="m")
    # Holds digits and the letters of SVG alone, whatever the link says.
    return mark_safe(made.svg_inline(omitsize=True, svgclass="eg-qr", lineclass=None))  # noqa: S308


@register.filter
def letter(index: int) -> str:
    """A for the first option, B for the second."""
    return chr(ord("A") + index)


@register.filter
def with_class(field: BoundField, css: str) -> SafeString:
    """A form's field with a class of ours beside its own, red when it has errors."""
    own = field.field.widget.attrs.get("class", "")
    wrong = "is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": " ".join(f"{own} {css} {wrong}".split())})


@register.filter
def moment(value: datetime | None, style: str = "moment") -> str:
    """A point in time as people write it; nothing where there is none."""
    return moments.written(value, style) if value else ""


_LONE_CODE = re.compile(r"^[A-Z0-9]{3,10}(-[A-Z0-9]{2,10})*$", re.MULTILINE)


@register.filter
def mail_text(text: str) -> SafeString:
    """A mail's text with its links alive and a code on a line of its own made big."""
    return _marked(text, 'class="eg-big-code"')


@register.filter
def mail_page(text: str) -> SafeString:
    """The same for a mail itself, where no style sheet reaches."""
    return _marked(text, 'style="font-size: 24px; letter-spacing: 2px"')


def _marked(text: str, look: str) -> SafeString:
    # What urlize returns is escaped; a code has no character that needs it.
    marked = _LONE_CODE.sub(
        lambda found: f"<strong {look}>{found[0]}</strong>",
        urlize(text.strip(), nofollow=True, autoescape=True),
    )
    return mark_safe(marked)  # noqa: S308
