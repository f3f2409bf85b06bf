from __future__ import annotations

from django.apps import AppConfig


class ExamgenConfig(AppConfig):
    """The project itself, for its commands, templates and checks."""

    name = "examgen"

    def ready(self) -> None:
        from examgen import checks  # noqa: F401, PLC0415
