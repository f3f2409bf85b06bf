"""How mail leaves. In demo mode it is written to files that /demo/mailbox/ shows.

With an EMAIL_URL a demo sends as any site does. Where a mail catcher takes it, the
demo's mailbox leads to the catcher's own page.
"""

from __future__ import annotations

from typing import Any

from examgen.settings.environment import DATA_DIR, DEMO, env

MAIL_DIR = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL: str = env.str("EXAMGEN_FROM", "Examgen <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

_MAIL: dict[str, Any] = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST: str = _MAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _MAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20

if DEMO and not env.str("EMAIL_URL", ""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_DIR)

MAILBOX_URL = env.web_address("EXAMGEN_MAILBOX_URL")
