"""Lectures and exams for the operator: read-only, states are moved by services."""

from __future__ import annotations

from django.contrib import admin

from examgen.jobs.admin import ReadOnlyAdmin
from exams.models import Exam, ExamVersion, Lecture


@admin.register(Lecture)
class LectureAdmin(ReadOnlyAdmin):
    list_display = ["title", "owner", "state", "error_code", "page_count", "created_at"]
    list_filter = ["state", "error_code", "language"]
    search_fields = ["title", "file_name", "owner__email"]
    list_select_related = ["owner"]


@admin.register(Exam)
class ExamAdmin(ReadOnlyAdmin):
    list_display = ["title", "owner", "state", "error_code", "engine_name"]
    list_filter = ["state", "error_code", "engine_name", "language"]
    search_fields = ["title", "owner__email"]
    list_select_related = ["owner"]


@admin.register(ExamVersion)
class ExamVersionAdmin(ReadOnlyAdmin):
    """Without papers and keys: an operator need not know what is asked."""

    list_display = ["title", "number", "course", "opens_at", "closes_at", "closed_at"]
    list_filter = ["published_at"]
    search_fields = ["title", "published_by__email"]
    list_select_related = ["course"]
    exclude = ["paper", "key"]
