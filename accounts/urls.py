from __future__ import annotations

from django.urls import path

from accounts.views import preferences

urlpatterns = [path("settings/", preferences.preferences, name="preferences")]
