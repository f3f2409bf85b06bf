"""What the site is made of: apps, middleware, templates, languages, static files."""

from __future__ import annotations

from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from examgen.settings import environment, packages
from examgen.settings.environment import BASE_DIR, env

# Lets classes say what they are about: ModelAdmin[User], ModelForm[User].
django_stubs_ext.monkeypatch()

DEBUG = environment.DEBUG
DEMO = environment.DEMO
DATA_DIR = environment.DATA_DIR
SECRET_KEY = environment.secret_key()
SECRET_KEY_FALLBACKS: list[str] = env.list("EXAMGEN_SECRET_KEY_FALLBACKS")

# What the site is called, and the file of the picture before its name, if any.
SITE_NAME: str = env.str("EXAMGEN_SITE_NAME").strip()
LOGO: str = env.str("EXAMGEN_LOGO")

# The address people type; links in mails are built from it, never from a Host header.
SITE_URL = env.web_address("EXAMGEN_URL")
ALLOWED_HOSTS: list[str] = env.list("EXAMGEN_HOSTS")
# Whether what is said of the client in headers comes from a proxy of ours.
BEHIND_PROXY = env.bool("EXAMGEN_BEHIND_PROXY")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

ROOT_URLCONF = "examgen.urls"
WSGI_APPLICATION = "examgen.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "examgen.apps.ExamgenConfig",
    "api",
    "notifications",
    "scoring",
    "exams",
    "accounts",
    "examgen.jobs",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_htmx",
    "django_include_bootstrap",
    "drf_spectacular",
    "examgen.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "examgen.apps.StaticFilesConfig",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "examgen.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "examgen.middleware.PlainTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.EntranceMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "examgen.middleware.PrivatePagesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "examgen.context.site",
            ],
            "builtins": ["examgen.templatetags.look"],
        },
    }
]
# One form renderer for every form of the site: templates/forms/.
FORM_RENDERER = "examgen.forms.SiteRenderer"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
# A container image brings them along, apart from the data.
STATIC_ROOT = Path(env.str("EXAMGEN_STATIC", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]

if DEBUG and env.bool("EXAMGEN_TOOLBAR"):
    packages.require("EXAMGEN_TOOLBAR", "debug_toolbar", "dev")
    INSTALLED_APPS += ["debug_toolbar"]
    MIDDLEWARE.insert(4, "debug_toolbar.middleware.DebugToolbarMiddleware")
    INTERNAL_IPS = ["127.0.0.1"]
