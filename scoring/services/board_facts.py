"""All that decides what a board shows, and to whom, as columns of one query.

The rows themselves are hashed by the database, so no writer has to remember to say that
something changed: a mark, a name, an alias or a place that moved has another hash.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Exists,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import MD5, Cast, Coalesce, Concat, JSONObject

from accounts.models import Enrolment, User
from examgen import header
from examgen.along import ASKING, Facts, moment
from examgen.prepared import Given
from exams.models import ExamVersion
from scoring.models import Attempt, ScoreboardEntry
from scoring.states import AttemptState

# What time alone brings about, it does when one of these has passed.
_MOMENTS = ("closes_at", "released_at", "release_at")


class Together(Aggregate):
    """The texts of a group in one, by the order of a second expression.

    SQLite before 3.44 knows no order here. It reads the rows of one file by one plan;
    another order would cost a page that is made once more.
    """

    function = "string_agg"
    arg_joiner = ", '' ORDER BY "
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        texts, _order, *rest = self.get_source_expressions()
        unordered = self.copy()
        unordered.set_source_expressions([texts, *rest])
        return unordered.as_sql(
            compiler,
            connection,
            function="group_concat",
            template="%(function)s(%(expressions)s, '')",
            **context,
        )


def of_educator(user: User, exam_id: uuid.UUID) -> ExamVersion | None:
    """The newest version of an exam of this educator."""
    versions = _versions(user, exam_id).select_related("exam", "course")
    return versions.defer("paper", "key").first()


def of_student(user: User, exam_id: uuid.UUID) -> Attempt | None:
    """The attempt by which somebody looks at the board.

    The newest, and one that was taken out only where there is no other.
    """
    attempt: Attempt | None = _attempts(user, exam_id).headlines().first()
    return attempt


def _columns() -> dict[str, Combinable]:
    """What the board is made of for an educator, for a student, and in its head."""
    exam_id = Given("exam_id", UUIDField())
    teaches = _versions(ASKING, exam_id).values(said=JSONObject(**_said("")))
    attends = _attempts(ASKING, exam_id).values(
        said=JSONObject(attempt="pk", state="state", **_said("version__"))
    )
    return {
        "teaches": Subquery(teaches[:1], output_field=JSONField()),
        "attends": Subquery(attends[:1], output_field=JSONField()),
        **header.columns(ASKING),
    }


def _settle(values: tuple[Any, ...], at: datetime) -> tuple[Any, ...]:
    moments = [moment(said[name]) for said in values[:2] if said for name in _MOMENTS]
    return (*values, *(due is not None and due <= at for due in moments))


FACTS = Facts(_columns, _settle)


def _versions(user: User, exam_id: Any) -> QuerySet[ExamVersion]:
    versions = ExamVersion.objects.for_user(user).filter(exam_id=exam_id)
    return versions.order_by("-number")


def _attempts(user: User, exam_id: Any) -> Any:
    last = Case(
        When(state=AttemptState.VOID, then=1), default=0, output_field=IntegerField()
    )
    attempts = Attempt.objects.for_user(user).filter(version__exam_id=exam_id)
    return attempts.order_by(last, "-version__number", "-number")


def _said(version: str) -> dict[str, Any]:
    """What is said of a version; `version` leads to its fields."""
    pk = f"{version}pk"
    of_version = Attempt.objects.filter(version=OuterRef(pk))
    fields = ("sha256", "closes_at", "closed_at", "released_at")
    return {
        "version": pk,
        **{name: f"{version}{name}" for name in fields},
        "release_at": KeyTextTransform("release_at", f"{version}policy"),
        "course": f"{version}course_id",
        "aliases": f"{version}course__aliases",
        "course_name": f"{version}course__name",
        "board": Subquery(_board(pk)),
        "taken": Exists(of_version.filter(state=AttemptState.OPEN)),
        "awaited": Exists(of_version.filter(state=AttemptState.CLOSED)),
    }


def _board(version: str) -> QuerySet[Any, Any]:
    """A hash of all rows of the board of a version."""
    alias = Enrolment.objects.filter(
        course=OuterRef("in_course"), user=OuterRef("user")
    )
    row = Concat(
        *(Cast("user", TextField()), Value("|"), Cast("points", TextField())),
        *(Value("|"), Cast("attempts", TextField()), Value("|")),
        # Of fixed length: nothing in one can pass for a part of the next.
        *(MD5(Coalesce(F("alias"), Value(""))), MD5("user__email"), MD5("user__name")),
        output_field=TextField(),
    )
    hashed: QuerySet[Any, Any] = (
        ScoreboardEntry.objects.filter(version=OuterRef(version))
        .order_by()
        .annotate(in_course=F("version__course"))
        .annotate(alias=Subquery(alias.values("alias")[:1]))
        .annotate(row=MD5(row))
        .values("version")
        .annotate(all=MD5(Together("row", "user")))
        .values("all")
    )
    return hashed
