"""Every address of the site. A new one needs its entry in the route matrix test."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from examgen import views
from scoring.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("logo/<slug:digest>", views.logo, name="logo"),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("exams.urls")),
    path("", include("scoring.urls")),
    path("", include("notifications.urls")),
    path("", include("api.page_urls")),
    path("api/v1/", include("api.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/mailbox/", views.mailbox, name="mailbox"),
        path("demo/sign-in/", views.demo_sign_in, name="demo_sign_in"),
    ]

if "debug_toolbar" in settings.INSTALLED_APPS:
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))

handler400 = "examgen.views.bad_request"
handler403 = "examgen.views.forbidden"
handler404 = "examgen.views.not_found"
handler500 = "examgen.views.broken"
