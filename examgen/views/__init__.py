"""Pages that belong to no app: health, errors, and the demo's own."""

from examgen.views.demo import demo_sign_in, mailbox
from examgen.views.errors import bad_request, broken, forbidden, not_found
from examgen.views.health import healthz, readyz
from examgen.views.logo import logo

__all__ = [
    "bad_request",
    "broken",
    "demo_sign_in",
    "forbidden",
    "healthz",
    "logo",
    "mailbox",
    "not_found",
    "readyz",
]
