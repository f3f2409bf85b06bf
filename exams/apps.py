from __future__ import annotations

from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "exams"
    verbose_name = "Exams"

    def ready(self) -> None:
        """Tell courses, which know of no exams, the codes that these have."""
        from accounts import codes  # noqa: PLC0415
        from exams.models import ExamVersion  # noqa: PLC0415

        def is_an_exams(code: str) -> bool:
            return ExamVersion.objects.filter(code=code).exists()

        codes.also_given_out(is_an_exams)
