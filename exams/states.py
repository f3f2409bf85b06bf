"""The states of lectures, exams and questions, and which may follow which.

`exams.services.lifecycle` is the only code that assigns them.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LectureState(models.TextChoices):
    """`uploading` until the file is in the store, `stored` until it has been read."""

    UPLOADING = "uploading", _("Uploading")
    STORED = "stored", _("Stored")
    READ = "read", _("Read")
    FAILED = "failed", _("Failed")


class ExamState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the lecture")
    GENERATING = "generating", _("Being drafted")
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    FAILED = "failed", _("Failed")


class QuestionState(models.TextChoices):
    """What the educator decided. Nothing `proposed` reaches a student."""

    PROPOSED = "proposed", _("To decide")
    ACCEPTED = "accepted", _("Accepted")
    EDITED = "edited", _("Edited and accepted")
    REJECTED = "rejected", _("Rejected")


class RequestAim(models.TextChoices):
    """What a request is for: more questions, or one for the place of another."""

    ADD = "add", _("More questions")
    ANOTHER = "another", _("Another question")
    KIND = "kind", _("Another kind")


class RequestState(models.TextChoices):
    """`open` until a worker has an answer; `empty` when the lecture gave nothing."""

    OPEN = "open", _("Under way")
    DONE = "done", _("Done")
    EMPTY = "empty", _("Nothing found")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


# Of these a version exists: nothing in them changes, and they are never deleted.
FROZEN = (ExamState.PUBLISHED, ExamState.CLOSED)

KEPT = (QuestionState.ACCEPTED, QuestionState.EDITED)

LECTURE_MOVES: dict[LectureState, tuple[LectureState, ...]] = {
    LectureState.UPLOADING: (LectureState.STORED, LectureState.FAILED),
    LectureState.STORED: (LectureState.READ, LectureState.FAILED),
    # A newer reader may find more: until it has, what was read before stays.
    LectureState.READ: (LectureState.STORED,),
    LectureState.FAILED: (LectureState.STORED,),
}

EXAM_MOVES: dict[ExamState, tuple[ExamState, ...]] = {
    ExamState.WAITING: (ExamState.GENERATING, ExamState.FAILED),
    ExamState.GENERATING: (ExamState.DRAFT, ExamState.FAILED),
    ExamState.DRAFT: (ExamState.PUBLISHED,),
    ExamState.PUBLISHED: (ExamState.CLOSED,),
    ExamState.CLOSED: (ExamState.PUBLISHED,),
    ExamState.FAILED: (ExamState.WAITING, ExamState.GENERATING),
}

QUESTION_MOVES: dict[QuestionState, tuple[QuestionState, ...]] = {
    state: tuple(other for other in QuestionState if other != state)
    for state in QuestionState
}


REQUEST_MOVES: dict[RequestState, tuple[RequestState, ...]] = {
    RequestState.OPEN: (
        RequestState.DONE,
        RequestState.EMPTY,
        RequestState.FAILED,
        RequestState.CANCELLED,
    ),
}


class IllegalMoveError(Exception):
    """A state was to follow one that it may not follow."""
