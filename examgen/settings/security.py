"""Headers and cookies. Nothing here is loosened for development but TLS."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF

from examgen.settings.core import BEHIND_PROXY, DEBUG, SITE_URL
from examgen.settings.stores import public_origins

_TLS = SITE_URL.startswith("https://")

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        # data: is asked for by Bootstrap's own style sheet (its form icons); pictures
        # of pages may come from the store.
        "img-src": [SELF, "data:", *public_origins()],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        **({"upgrade-insecure-requests": True} if _TLS else {}),
    }
}

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# Django's own page brings inline styles, which the policy above forbids.
CSRF_FAILURE_VIEW = "examgen.views.errors.stale_page"

# With TLS everything is strict. Without it (a laptop, a closed network) browsers would
# refuse secure cookies, and a redirect to https would lead nowhere.
SESSION_COOKIE_SECURE = _TLS
CSRF_COOKIE_SECURE = _TLS
SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SECURE_HSTS_PRELOAD = _TLS
if _TLS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

SILENCED_SYSTEM_CHECKS = (
    []
    if _TLS or DEBUG
    # Said by our own check instead (examgen.W001), which knows loopback from the world.
    else [
        "security.W004",
        "security.W008",
        "security.W012",
        "security.W016",
    ]
)
