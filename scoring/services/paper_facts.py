"""All that decides what the paper of an attempt shows, and to whom, as one column."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import JSONField, Subquery, UUIDField
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from examgen.along import ASKING, Facts, moment
from examgen.prepared import Given
from scoring.models import Attempt
from scoring.services.closing import has_run_out


def _columns() -> dict[str, Combinable]:
    own = Attempt.objects.for_user(ASKING)
    attempt = own.filter(pk=Given("attempt_id", UUIDField()))
    said = JSONObject(
        # A paper never changes, and every save of an answer moves `saved_at`.
        paper="version__sha256",
        saved_at="saved_at",
        seed="seed",
        state="state",
        deadline="deadline",
        closed_at="version__closed_at",
    )
    said_of = attempt.order_by().values(said=said)
    return {"attempt": Subquery(said_of, output_field=JSONField())}


def _settle(values: tuple[Any, ...], at: datetime) -> tuple[Any, ...]:
    (said,) = values
    end = said and moment(said["deadline"] or said["closed_at"])
    return said, has_run_out(end, at)


FACTS = Facts(_columns, _settle)
