"""The rules every proposed question must pass, whoever wrote it."""

from __future__ import annotations

from exams.gate.exam_wide import ExamReport, check_exam, check_pair, check_whole
from exams.gate.report import Report, check, check_written

__all__ = [
    "ExamReport",
    "Report",
    "check",
    "check_exam",
    "check_pair",
    "check_whole",
    "check_written",
]
