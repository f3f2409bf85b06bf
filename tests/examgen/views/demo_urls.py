"""The site with the demo's door, which other tests do without."""

from __future__ import annotations

from django.urls import path

from examgen import urls, views

handler403, handler404 = urls.handler403, urls.handler404
urlpatterns = [
    path("demo/sign-in/", views.demo_sign_in, name="demo_sign_in"),
    path("demo/mailbox/", views.mailbox, name="mailbox"),
    *urls.urlpatterns,
]
