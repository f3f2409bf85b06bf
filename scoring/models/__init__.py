"""Attempts with their answers, grades, and boards."""

from scoring.models.attempts import (
    Announcement,
    Answer,
    AnswerLog,
    Attempt,
    Extension,
    LateAnswer,
)
from scoring.models.boards import ScoreboardEntry, ScoreCount
from scoring.models.grades import Grade

__all__ = [
    "Announcement",
    "Answer",
    "AnswerLog",
    "Attempt",
    "Extension",
    "Grade",
    "LateAnswer",
    "ScoreCount",
    "ScoreboardEntry",
]
