"""All that decides what a board shows, and to whom, in one query.

The rows themselves are hashed by the database, so no writer has to remember to say that
something changed: a mark, a name, an alias or a place that moved has another hash.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import MD5, Cast, Coalesce, Concat

from accounts.models import Enrolment, User
from examgen import header
from exams.models import ExamVersion
from scoring.models import Attempt, ScoreboardEntry
from scoring.services.visibility import foresee_one
from scoring.states import AttemptState


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
    """The newest version of an exam of this educator, with `board_facts`."""
    versions = ExamVersion.objects.for_user(user).filter(exam_id=exam_id)
    return (
        versions.select_related("exam", "course")
        .defer("paper", "key")
        .annotate(**_columns("pk"), **header.columns(user))
        .order_by("-number")
        .first()
    )


def of_student(user: User, exam_id: uuid.UUID) -> Attempt | None:
    """The attempt by which somebody looks at the board, with `board_facts`.

    The newest, and one that was taken out only where there is no other.
    """
    attempt = (
        _attempts(user, exam_id)
        .annotate(**_columns("version"), **header.columns(user))
        .order_by(
            Case(
                When(state=AttemptState.VOID, then=1),
                default=0,
                output_field=IntegerField(),
            ),
            "-version__number",
            "-number",
        )
        .first()
    )
    if attempt is not None:
        taken: bool = getattr(attempt, "is_taken_now")  # noqa: B009 - annotated above
        foresee_one(attempt.version, taken=taken)
    return attempt


def _attempts(user: User, exam_id: uuid.UUID) -> QuerySet[Attempt]:
    attempts = Attempt.objects.for_user(user).filter(version__exam_id=exam_id)
    joined = attempts.select_related("version__exam", "version__course")
    return joined.defer("snapshot", "version__paper", "version__key")


def facts(row: Any, version: ExamVersion) -> tuple[object, ...]:
    """What the board of this version is made of; `row` is what a query here returned."""
    course = version.course
    return (
        *(version.pk, version.sha256, version.closes_at, version.closed_at),
        *(version.released_at, course and (course.pk, course.aliases, course.name)),
        *(row.board_hash, row.is_taken_now, row.is_awaited),
        *header.values(row),
    )


def hold(
    found: tuple[object, ...], user: User, exam_id: uuid.UUID, *, teaches: bool
) -> bool:
    """Whether these `facts` are still so, asked in a query of its own."""
    if teaches:
        version = of_educator(user, exam_id)
        return version is not None and facts(version, version) == found
    attempt = of_student(user, exam_id)
    return attempt is not None and facts(attempt, attempt.version) == found


def _columns(version: str) -> dict[str, Any]:
    """`is_taken_now` is what `visibility` asks of a version, under the same name."""
    of_version = Attempt.objects.filter(version=OuterRef(version))
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
    board = (
        ScoreboardEntry.objects.filter(version=OuterRef(version))
        .order_by()
        .annotate(in_course=F("version__course"))
        .annotate(alias=Subquery(alias.values("alias")[:1]))
        .annotate(row=MD5(row))
        .values("version")
        .annotate(all=MD5(Together("row", "user")))
        .values("all")
    )
    return {
        "board_hash": Subquery(board),
        "is_taken_now": Exists(of_version.filter(state=AttemptState.OPEN)),
        "is_awaited": Exists(of_version.filter(state=AttemptState.CLOSED)),
    }
