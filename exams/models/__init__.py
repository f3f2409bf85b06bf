"""Lectures with their pages, exams with their questions and published versions."""

from exams.models.counts import StoreCount
from exams.models.exams import Exam, Question
from exams.models.lectures import Block, Lecture, Page
from exams.models.recognitions import Recognition
from exams.models.requests import QuestionRequest
from exams.models.versions import ExamVersion

__all__ = [
    "Block",
    "Exam",
    "ExamVersion",
    "Lecture",
    "Page",
    "Question",
    "QuestionRequest",
    "Recognition",
    "StoreCount",
]
