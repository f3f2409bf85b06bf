"""Lectures with their pages, exams with their questions."""

from exams.models.exams import Exam, Question
from exams.models.lectures import Block, Lecture, Page

__all__ = ["Block", "Exam", "Lecture", "Page", "Question"]
