"""Every address below /api/v1/. A new one needs its rows in tests/api/test_doors.py."""

from __future__ import annotations

from django.urls import path

from api.views import people, schema

app_name = "api"

urlpatterns = [
    path("schema/", schema.schema, name="schema"),
    path("me/", people.Me.as_view(), name="me"),
    path("tokens/", people.Tokens.as_view(), name="tokens"),
    path("tokens/<uuid:token_id>/", people.OneToken.as_view(), name="token"),
]
