"""Pages about the API. A new one needs its entry in the route matrix test."""

from __future__ import annotations

from django.urls import path

from api.views import reference

urlpatterns = [
    path("api/docs/", reference.docs, name="api_docs"),
]
