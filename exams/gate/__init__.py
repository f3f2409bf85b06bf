"""The rules every proposed question must pass, whoever wrote it."""

from __future__ import annotations

from exams.gate.exam_wide import ExamReport, check_exam
from exams.gate.report import Report, check

__all__ = ["ExamReport", "Report", "check", "check_exam"]
