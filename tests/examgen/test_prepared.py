"""Queries that are written once give what the ORM gives each time."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db.models import (
    Case,
    CharField,
    IntegerField,
    QuerySet,
    UUIDField,
    Value,
    When,
)

from accounts.models import User
from examgen.prepared import Given, Prepared
from tests.factories import people

pytestmark = pytest.mark.django_db

WORDS = "it's 100 % of C:\\new"


def asked(pk: Any, minutes: Any) -> QuerySet[Any, Any]:
    number = Case(When(pk=pk, then=Value(7)), default=0)
    users = User.objects.annotate(words=Value(WORDS), number=number)
    found = users.filter(role="student", sessions_ended=minutes)
    return found.order_by("email").values_list("pk", "created_at", "words", "number")


def test_it_says_what_the_orm_says_for_whatever_is_given() -> None:
    first, second = (people.student(f"{name}@example.org") for name in "ab")
    User.objects.filter(pk=second.pk).update(sessions_ended=3)
    prepared = Prepared(
        lambda: asked(Given("pk", UUIDField()), Given("minutes", IntegerField()))
    )
    for pk, minutes in [(first.pk, 0), (second.pk, 3), (uuid.uuid4(), 3)]:
        rows = prepared.ask({"pk": pk, "minutes": minutes, "other": "ignored"})
        assert rows == list(asked(pk, minutes))
        assert len(rows) == 1
    assert prepared.ask({"pk": first.pk, "minutes": 2**70}) == []


def test_what_is_given_is_no_part_of_the_query() -> None:
    person = people.student("o'hara@example.org")
    mails = Prepared(
        lambda: User.objects.filter(email=Given("email", CharField())).values_list("pk")
    )
    assert mails.ask({"email": person.email}) == [(person.pk,)]
    assert mails.ask({"email": "' OR '' = '"}) == []
