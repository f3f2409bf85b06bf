"""Pages about the API. A new one needs its entry in the route matrix test."""

from __future__ import annotations

from django.urls import path

from api.views import reference, token_pages

urlpatterns = [
    path("api/docs/", reference.docs, name="api_docs"),
    path("settings/tokens/", token_pages.tokens, name="tokens"),
    path("settings/tokens/revoke/", token_pages.tokens_revoke, name="tokens_revoke"),
    path(
        "settings/tokens/<uuid:token_id>/revoke/",
        token_pages.token_revoke,
        name="token_revoke",
    ),
]
