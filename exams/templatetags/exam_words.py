"""Codes in words, for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import get_language_info, gettext

from exams import publishing_wording, reading_wording, request_wording, wording
from exams.content import Kind
from exams.models import Exam, Lecture, Question, QuestionRequest
from exams.services.checklist import Check
from exams.services.documents import PageCoverage
from exams.states import QuestionState

register = template.Library()


@register.filter
def kind_name(kind: str) -> str:
    return str(wording.KIND_NAMES[Kind(kind)])


@register.filter
def difficulty_name(difficulty: str) -> str:
    return str(wording.DIFFICULTY_NAMES[difficulty])


@register.filter
def bloom_name(bloom: str) -> str:
    return str(wording.BLOOM_NAMES[bloom])


@register.filter
def stage_name(stage: str) -> str:
    return str(wording.STAGE_NAMES[stage])


@register.filter
def why_lecture_failed(lecture: Lecture) -> str:
    return wording.reading_problem(lecture.error_code, lecture.error_params)


@register.filter
def left_out_words(code: str) -> str:
    return str(reading_wording.LEFT_OUT[code])


@register.filter
def trouble_words(trouble: str) -> str:
    return reading_wording.recognition_trouble(trouble)


@register.filter
def flag_words(flag: str) -> str:
    return str(reading_wording.FLAGS[flag])


@register.filter
def role_note(role: str) -> str:
    return str(reading_wording.ROLE_NOTES.get(role, ""))


@register.filter
def language_said(code: str) -> str:
    """The name of a lecture's language; in words too where it is not known."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return gettext("Language not recognised")


@register.filter
def why_exam_failed(exam: Exam) -> str:
    return wording.exam_problem(exam.error_code)


@register.filter
def finding_words(finding: Mapping[str, Any]) -> str:
    return wording.finding_words(finding["code"], finding["params"])


@register.filter
def shortfall_reason(reason: Mapping[str, Any]) -> str:
    return wording.shortfall_reason(reason["code"], reason["params"])


@register.filter
def request_said(request: QuestionRequest) -> str:
    return request_wording.request_said(request)


@register.filter
def request_problem(code: str) -> str:
    return request_wording.request_problem(code)


@register.filter
def counting_words(stage: str) -> str:
    return str(request_wording.COUNTING.get(stage, ""))


@register.filter
def check_words(check: Check) -> str:
    return publishing_wording.check_words(check.code, check.params)


@register.simple_tag
def cited_pages(
    coverage: Sequence[PageCoverage], questions: Sequence[Question]
) -> dict[str, Any]:
    """The cells of the coverage strip, each with the first question of its page."""
    first: dict[int | None, Question] = {}
    for question in questions:
        if question.state != QuestionState.REJECTED:
            first.setdefault(question.page, question)
    return {
        "asked": sum(cell.questions > 0 for cell in coverage),
        "total": len(coverage),
        "pages": [
            {
                "page": cell.page,
                "questions": cell.questions,
                "step": cell.step,
                "question": first.get(cell.page),
            }
            for cell in coverage
        ],
    }
