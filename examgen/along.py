"""What a page is made of, asked for in the query that tells who asks.

A view says which facts it needs (`asks`). Whoever looks up the session or the token
asks for them in the same statement, so a page that is kept costs that one query.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth import get_user_model
from django.db.models import F, OuterRef, QuerySet, UUIDField
from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest

from examgen.jobs.clock import now
from examgen.prepared import Given, Prepared

if TYPE_CHECKING:
    from accounts.models import User

View = TypeVar("View", bound=Callable[..., Any])

# Whoever asks, for conditions inside of facts: the outer query has them as `user`.
ASKING: Any = OuterRef("user")


class Facts:
    """Columns of a query whose rows have a `user`, with `Given` for parameters of a view.

    `settle` makes of their values, and of the time, what the view is told: what time
    alone would change must be part of it.
    """

    def __init__(
        self,
        columns: Callable[[], Mapping[str, Combinable]],
        settle: Callable[[tuple[Any, ...], datetime], tuple[Any, ...]],
    ) -> None:
        self.columns = columns
        self.settle = settle
        self._of_person = Prepared(self._rows_of_person)

    def of(self, person: User, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """The facts for this person, in a query of their own; 404 once they are gone."""
        rows = self._of_person.ask({**given, "person": person.pk})
        if not rows:
            raise Http404
        return self.settle(rows[0], now())

    def _rows_of_person(self) -> QuerySet[Any, Any]:
        people = get_user_model().objects.filter(pk=Given("person", UUIDField()))
        columns = self.columns()
        asked = people.annotate(user=F("pk")).annotate(**columns)
        return asked.values_list(*columns)


@dataclass(slots=True)
class Along:
    """What is to be asked along, and what came of it and for whom."""

    facts: Facts
    given: Mapping[str, Any]
    person: uuid.UUID | None = None
    found: tuple[Any, ...] | None = None

    def tell(self, person: uuid.UUID | None, values: tuple[Any, ...]) -> None:
        self.person, self.found = person, self.facts.settle(values, now())


def asks(facts: Facts) -> Callable[[View], View]:
    """Mark a view, or the method of one of the API."""

    def marked(view: View) -> View:
        view.asks_along = facts  # type: ignore[attr-defined]
        return view

    return marked


def wanted(
    request: HttpRequest, view: Callable[..., Any], given: Mapping[str, Any]
) -> Along | None:
    """What is to be asked along for a request that is looked up now."""
    if request.method not in ("GET", "HEAD"):
        return None
    method = getattr(getattr(view, "cls", None), "get", view)
    facts = getattr(method, "asks_along", None)
    return Along(facts, given) if facts else None


def found(
    request: HttpRequest, person: User, facts: Facts, given: Mapping[str, Any]
) -> tuple[Any, ...]:
    """The facts for this person, which came along or are asked for now."""
    along: Along | None = getattr(request, "along", None)
    if (
        along is not None
        and along.facts is facts
        and along.person == person.pk
        and along.found is not None
    ):
        return along.found
    return facts.of(person, given)


def moment(said: str | None) -> datetime | None:
    """A moment as JSON of the database says it; SQLite's are in UTC."""
    if said in (None, "null"):  # the latter is SQLite's, of what is null inside of JSON
        return None
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def with_facts(
    rows: QuerySet[Any, Any], along: Along | None, *fields: str
) -> QuerySet[Any, Any]:
    """These fields of rows that have a `user`, with what is asked along."""
    columns = along.facts.columns() if along else {}
    asked: QuerySet[Any, Any] = rows.annotate(**columns)
    return asked.values_list(*fields, *columns)
