from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "API"

    def ready(self) -> None:
        # Tells the schema how tokens are sent; found by being imported.
        from api import extensions  # noqa: F401, PLC0415
