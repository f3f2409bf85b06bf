"""Who may come in, and how: allauth, passwords, roles.

Sign-up never tells whether an address is known, an address is verified by a code on
the same page, and a social account is never joined to an existing one by address.
"""

from __future__ import annotations

from typing import Any

from examgen.settings.core import BEHIND_PROXY, INSTALLED_APPS, SITE_NAME
from examgen.settings.environment import DEMO, env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.sessions.PasswordBackend",
    "accounts.sessions.PagesBackend",
]

# argon2id with 19 MiB: 18 CPU-ms a sign-in where Django's default costs 223.
PASSWORD_HASHERS = ["accounts.hashers.Argon2SmallHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation."
        "UserAttributeSimilarityValidator"
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_ENGINE = "accounts.sessions"

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupExtrasForm"
ACCOUNT_FORMS = {"signup": "accounts.signup.SignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True

# A class of forty behind one address signs in within a minute; what guards an account
# against guessing is the limit per account, which stays as allauth has it.
ACCOUNT_RATE_LIMITS = {
    "login": "200/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "100/m/ip",
    "reset_password": "60/m/ip,5/m/key",
}
# Behind a proxy every request comes from the proxy: the client is who it says it is.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
MFA_TOTP_ISSUER = SITE_NAME
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]


def _oauth_app(name: str) -> dict[str, Any]:
    """Return the settings of one provider, empty unless the operator set both."""
    client_id = env.str(f"{name}_CLIENT_ID")
    secret = env.str(f"{name}_CLIENT_SECRET")
    if not (client_id and secret):
        return {}
    return {
        "APPS": [{"client_id": client_id, "secret": secret}],
        "OAUTH_PKCE_ENABLED": True,
    }


SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    provider: settings
    for provider in ("github", "google", "microsoft")
    if (settings := _oauth_app(provider.upper()))
}
_server = env.web_address("OIDC_SERVER_URL")
_client = env.str("OIDC_CLIENT_ID")
_secret = env.str("OIDC_CLIENT_SECRET")
if _server and _client and _secret:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("OIDC_NAME"),
                "client_id": _client,
                "secret": _secret,
                "settings": {"server_url": _server},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    }

# Without its keys a provider's pages would only fail, so it has none.
INSTALLED_APPS += [
    f"allauth.socialaccount.providers.{provider}"
    for provider in SOCIALACCOUNT_PROVIDERS
]

# open: whoever says so at sign-up. approval: asks, an admin grants. invite: an admin
# grants, or invites an address to make exams.
EDUCATOR_SIGNUP: str = env.str("EDUCATOR_SIGNUP", "open" if DEMO else "approval")
