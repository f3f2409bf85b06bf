from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.contrib.staticfiles import apps as staticfiles


class ExamgenConfig(AppConfig):
    """The project itself, for its commands, templates and checks."""

    name = "examgen"

    def ready(self) -> None:
        from django.conf import settings  # noqa: PLC0415
        from django.contrib import admin  # noqa: PLC0415

        from examgen import checks  # noqa: F401, PLC0415
        from examgen.postgresql import checks as postgresql  # noqa: F401, PLC0415

        admin.site.site_title = admin.site.site_header = settings.SITE_NAME


class AdminConfig(admin.AdminConfig):
    """Django's admin, with the pages of ours; see `examgen.office`."""

    default_site = "examgen.office.site.Office"


class StaticFilesConfig(staticfiles.StaticFilesConfig):
    """Collects what pages use, not what packages bring along besides.

    htmx's extensions import by bare names, which only a bundler could resolve, and
    Bootstrap's sources are three times its minified files.
    """

    ignore_patterns = [
        *staticfiles.StaticFilesConfig.ignore_patterns,
        "ext",
        "bootstrap-*.css",
        "bootstrap.css",
        "bootstrap.rtl.css",
        "bootstrap.esm*.js",
        "bootstrap.js",
        "bootstrap.bundle.js",
    ]
