"""Which pictures a page has for whoever may see them, as columns of one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import IntegerField, JSONField, Subquery, UUIDField
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from examgen.along import ASKING, Facts
from examgen.prepared import Given
from exams.models import Page


def _columns() -> dict[str, Combinable]:
    pages = Page.objects.for_user(ASKING).filter(
        lecture=Given("lecture_id", UUIDField()),
        number=Given("number", IntegerField()),
    )
    said = JSONObject(small="thumbnail", large="image")
    return {
        "pictures": Subquery(
            pages.order_by().values(said=said), output_field=JSONField()
        )
    }


def _settle(values: tuple[Any, ...], _at: datetime) -> tuple[Any, ...]:
    return values


# A dict with the keys of the pictures by their sizes; None: there is no such page.
FACTS = Facts(_columns, _settle)
