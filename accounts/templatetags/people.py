"""What templates say of codes and of a visitor's invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from accounts import codes, entrance

if TYPE_CHECKING:
    from accounts.models import Invitation

register = template.Library()


@register.filter
def spoken(code: str) -> str:
    """A join code as it is shown and read aloud: `K7PM-4XWD`."""
    return codes.spoken(code)


@register.simple_tag(takes_context=True)
def brought_invitation(context: Any) -> Invitation | None:
    """The invitation that a visitor on their way in would accept."""
    return entrance.invitation(context["request"])
