"""The session store: one query tells a session, its person, and what a page asks for.

Whether the person may still come in is decided where Django decides it, by backends and
by the hash in the session; these merely need not ask for the person once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.db import connection
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from accounts.models import Session, User
from examgen.along import Along, Facts, with_facts
from examgen.prepared import Given, Prepared

FIELDS = tuple(field.attname for field in User._meta.concrete_fields)  # noqa: SLF001
PERSON = tuple(f"user__{name}" for name in FIELDS)

_lent: ContextVar[User | None] = ContextVar("lent", default=None)


class SessionStore(db.SessionStore):
    """`along` is what is asked for with the session; `person` came with it."""

    along: Along | None = None
    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session: Any = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        made: Session = session
        return made

    def load(self) -> dict[str, Any]:
        given = {"session_key": self.session_key, "at": timezone.now()}
        if self.along:
            given |= self.along.given
        rows = _query(self.along and self.along.facts).ask(given)
        if not rows:
            self._session_key = None
            return {}
        ((data, *values),) = rows
        self.person, told = person_of(values)
        if self.along:
            self.along.tell(self.person.pk if self.person else None, told)
        decoded: dict[str, Any] = self.decode(data)
        return decoded


def person_of(values: Sequence[Any]) -> tuple[User | None, tuple[Any, ...]]:
    """The person whose `PERSON` these values begin with, and the rest."""
    mine, rest = values[: len(FIELDS)], tuple(values[len(FIELDS) :])
    if mine[FIELDS.index("id")] is None:
        return None, rest
    return User.from_db(connection.alias, FIELDS, mine), rest


@cache
def _query(facts: Facts | None) -> Prepared:
    def rows() -> QuerySet[Any, Any]:
        sessions = Session.objects.filter(
            session_key=Given("session_key", CharField()),
            expire_date__gt=Given("at", DateTimeField()),
        )
        along = Along(facts, {}) if facts else None
        return with_facts(sessions, along, "session_data", *PERSON)

    return Prepared(rows)


@contextmanager
def lent(person: User | None) -> Iterator[None]:
    """Let backends have this person, whom they would ask the database for."""
    token = _lent.set(person)
    try:
        yield
    finally:
        _lent.reset(token)


class _WithSession(ModelBackend):
    def get_user(self, user_id: Any) -> Any:
        person = _lent.get()
        if person is None or person.pk != user_id:
            return super().get_user(user_id)
        return person if self.user_can_authenticate(person) else None


class PasswordBackend(_WithSession):
    """Django's, for the admin."""


class PagesBackend(_WithSession, AuthenticationBackend):  # type: ignore[misc]
    """That of allauth, for all other pages."""
