"""Published exams on the demo site, with a question of every kind and real pages."""

from __future__ import annotations

import json
import sys
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage

from accounts.models import User
from exams import content
from exams.content import Kind
from exams.models import Exam
from exams.policy import Release
from exams.states import ExamState, QuestionState
from tests.factories import exams, versions

if TYPE_CHECKING:
    from tests.browser.site import Site

TITLE = "Plant cells"
DRAFTED = (Kind.SINGLE_CHOICE, Kind.MATCHING, Kind.SHORT_ANSWER, Kind.TRUE_FALSE)
MORE = (Kind.MULTIPLE_CHOICE, Kind.NUMERIC, Kind.ORDERING, Kind.ESSAY)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be taken: `key` maps stems to what is right."""

    exam: str
    code: str
    key: dict[str, object]

    @property
    def address(self) -> str:
        return f"/take/{self.exam}/"


def publish(site: Site, **rules: object) -> Prepared:
    """Publish the demo's exam to everybody; minutes, attempts and the like by name."""
    code = f"from tests.browser.taking import prepare; prepare(**{rules!r})"
    done = site.manage("shell", "--no-imports", "--command", code)
    assert done.returncode == 0, done.stderr
    return Prepared(**json.loads(done.stdout.splitlines()[-1]))


def prepare(**rules: object) -> None:
    """Run inside the site: publish, and print what tests need to know."""
    owner = User.objects.get(email="educator@example.com")
    drafts = Exam.objects.filter(owner=owner, title=TITLE, state=ExamState.DRAFT)
    exam = _published(drafts.earliest("created_at"))
    drafted = [question.as_content() for question in exam.questions.all()]
    evidence = drafted[0].evidence
    asked = [*_one_of_each(drafted), *(_also(kind, evidence) for kind in MORE)]
    version = versions.version(
        owner,
        exam=exam,
        document=exam.document,
        questions=asked,
        shuffle_questions=False,
        **{"minutes": 30, "release": Release.AT_SUBMIT, **rules},
    )
    key = {
        sheet["stem"]: versions.right_answer(version, sheet["id"])
        for sheet in version.questions
    }
    said = {"exam": str(exam.id), "code": version.code, "key": key}
    sys.stdout.write(json.dumps(said) + "\n")


def _published(draft: Exam) -> Exam:
    """A copy, so that the draft stays one: older, for lists that begin with the newest."""
    questions = list(draft.questions.all())
    exam = Exam.objects.get(pk=draft.pk)
    exam.pk, exam.state = uuid.uuid4(), ExamState.PUBLISHED
    exam.created_at -= timedelta(days=1)
    exam.document = f"{exam.prefix}/{uuid.uuid4().hex}.json"
    default_storage.save(exam.document, default_storage.open(draft.document))
    exam.save(force_insert=True)
    for question in questions:
        question.pk, question.exam = uuid.uuid4(), exam
        question.state = QuestionState.ACCEPTED
        question.save(force_insert=True)
    return exam


def _one_of_each(drafted: list[content.Question]) -> list[content.Question]:
    """The first of each kind, in an order that does not hang on what was drafted."""
    found = {question.kind: question for question in reversed(drafted)}
    return [found[kind] for kind in DRAFTED]


def _also(kind: Kind, evidence: tuple[content.Evidence, ...]) -> content.Question:
    made = exams.question(kind, evidence=evidence)
    if kind == Kind.ORDERING:
        steps = ("Prophase", "Metaphase", "Anaphase", "Telophase")
        return replace(made, stem="Order the stages.", body=content.Ordering(steps))
    return replace(made, points=Decimal(2)) if kind == Kind.ESSAY else made
