"""Pages that belong to no app: home, health, errors, and the demo's own."""

from examgen.views.demo import demo_sign_in, mailbox
from examgen.views.errors import broken, forbidden, not_found
from examgen.views.health import healthz, readyz
from examgen.views.home import home

__all__ = [
    "broken",
    "demo_sign_in",
    "forbidden",
    "healthz",
    "home",
    "mailbox",
    "not_found",
    "readyz",
]
