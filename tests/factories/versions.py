"""Published exams with every kind of question, and answers to them.

Papers are frozen as publishing does it; the rows are written here, without waiting for
an educator.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.codes import new_code
from accounts.models import Course, User
from examgen.jobs.clock import now
from exams import content
from exams.content import Kind
from exams.formats.paper import freeze
from exams.models import Exam, ExamVersion
from exams.policy import Policy
from exams.states import ExamState
from tests.factories import exams

AN_HOUR = timedelta(hours=1)


def version(
    owner: User,
    *,
    exam: Exam | None = None,
    course: Course | None = None,
    title: str = "Week1",
    kinds: Sequence[Kind] = tuple(Kind),
    questions: Sequence[content.Question] | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    open_ended: bool = False,
    document: str = "",
    **rules: Any,
) -> ExamVersion:
    """An exam that opened an hour ago and closes in one, or when told; or never.

    `rules` are those of `exams.policy.Policy`. Without `exam` there is a new one of
    this title, and without `questions` it has one of each of `kinds`.
    """
    at = now()
    of = exam or exams.exam(owner, state=ExamState.PUBLISHED, title=title, kinds=kinds)
    asked = questions or [row.as_content() for row in of.questions.all()]
    policy = Policy(
        opens_at=opens_at or at - AN_HOUR,
        closes_at=None if open_ended else closes_at or at + AN_HOUR,
        **rules,
    )
    frozen = freeze(
        title=of.title,
        language="en",
        questions=asked,
        policy=policy.to_json(),
        seed=random.randrange(2**31),
    )
    return ExamVersion.objects.create(
        exam=of,
        number=of.versions.count() + 1,
        course=course,
        code=new_code(),
        title=of.title,
        paper=frozen.paper,
        key=frozen.key,
        policy=policy.to_json(),
        sha256=frozen.sha256,
        document=document,
        opens_at=policy.opens_at,
        closes_at=policy.closes_at,
        published_at=at,
        published_by=owner,
    )


def without_key(whole: ExamVersion) -> ExamVersion:
    """A copy whose key was lost: nothing answered in it can be graded."""
    broken = ExamVersion.objects.get(pk=whole.pk)
    broken.pk, broken.code = uuid.uuid4(), new_code()
    broken.number, broken.key = whole.exam.versions.count() + 1, {}
    broken.save(force_insert=True)
    return broken


def ended(owner: User) -> ExamVersion:
    """One whose end has come and that nobody has closed yet."""
    at = now()
    return version(owner, opens_at=at - 2 * AN_HOUR, closes_at=at - AN_HOUR)


# Answers


def sheet(version: ExamVersion, kind: Kind | str) -> dict[str, Any]:
    """The first question of this kind on the paper."""
    return next(item for item in version.questions if item["kind"] == kind)


def right_answer(version: ExamVersion, question: str) -> Any:
    """A value that earns every point; an essay earns none by itself."""
    key = version.key[question]
    body = key["body"]
    match body["kind"]:
        case "single_choice":
            return key["right"][0]
        case "short_answer":
            return body["accepted"][0]
        case "numeric":
            return body["accepted"][0]
        case "essay":
            return "Light first, then the Calvin cycle."
        case "multiple_choice":
            # As it is stored: in the order of the paper, which is by id.
            return sorted(key["right"])
        case _:
            return key["right"]


def wrong_answer(version: ExamVersion, question: str) -> Any:
    """A value that is an answer and earns nothing."""
    asked = next(item for item in version.questions if item["id"] == question)
    right = version.key[question].get("right")
    match asked["kind"]:
        case "single_choice" | "multiple_choice" as kind:
            wrong = [o["id"] for o in asked["options"] if o["id"] not in right]
            return wrong[0] if kind == "single_choice" else wrong
        case "true_false":
            return not right
        case "numeric":
            return "-1"
        case "matching":
            names = list(right)
            return {
                a: right[b] for a, b in zip(names, names[1:] + names[:1], strict=True)
            }
        case "ordering":
            return right[::-1]
        case _:
            return "Nothing that the lecture says."


def right_answers(version: ExamVersion) -> dict[str, Any]:
    return {item["id"]: right_answer(version, item["id"]) for item in version.questions}


def wrong_answers(version: ExamVersion) -> dict[str, Any]:
    return {item["id"]: wrong_answer(version, item["id"]) for item in version.questions}


def unknown() -> str:
    return str(uuid.uuid4())
