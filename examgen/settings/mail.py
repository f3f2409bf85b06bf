"""How mail leaves: by SMTP, by Mailgun, or in the demo to files that one can read.

With an EMAIL_URL a demo sends as any site does. Where a mail catcher takes it, the
demo's mailbox leads to the catcher's own page. docs/mails.md tells operators what
happens to a mail from event to inbox.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import formataddr
from typing import Any

from examgen.settings.core import SITE_NAME
from examgen.settings.environment import DATA_DIR, DEMO, env

MAIL_DIR = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL: str = env.str(
    "EXAMGEN_FROM", formataddr((SITE_NAME, "noreply@localhost"))
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

_MAIL: dict[str, Any] = env.mail_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST: str = _MAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _MAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
# So that a check can say that two ways are named.
EMAIL_URL_GIVEN: bool = env.is_given("EMAIL_URL")

# Mailgun's API, from django-anymail in requirements/deploy.txt.
MAILGUN_API_KEY: str = env.str("MAILGUN_API_KEY")
MAILGUN_DOMAIN: str = env.str("MAILGUN_DOMAIN")
MAILGUN_REGION: str = env.str("MAILGUN_REGION").lower()
MAILGUN_REGIONS = {
    "us": "https://api.mailgun.net/v3",
    "eu": "https://api.eu.mailgun.net/v3",
}

if MAILGUN_API_KEY:
    EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    ANYMAIL: dict[str, Any] = {
        "MAILGUN_API_KEY": MAILGUN_API_KEY,
        "MAILGUN_SENDER_DOMAIN": MAILGUN_DOMAIN,
        # A wrong region is named by a check; until then nothing is sent anywhere.
        "MAILGUN_API_URL": MAILGUN_REGIONS.get(MAILGUN_REGION, ""),
        "REQUESTS_TIMEOUT": EMAIL_TIMEOUT,
        # Whatever the domain is set to: nobody is watched reading their mail.
        "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    }
elif DEMO and not EMAIL_URL_GIVEN:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_DIR)

# A mail that does not get through is tried again after this, then after twice as
# long, and so on, for three days: a mail server may be away over a weekend.
MAIL_RETRY = timedelta(seconds=env.float("EXAMGEN_MAIL_RETRY"))
MAIL_PATIENCE = timedelta(days=3)
# A worker that dies between the server's "250" and its own commit leaves nobody
# knowing. "resend" sends again under the same Message-ID, "hold" asks an admin.
MAIL_AFTER_CRASH: str = env.str("EXAMGEN_MAIL_AFTER_CRASH")

MAILBOX_URL = env.web_address("EXAMGEN_MAILBOX_URL")
