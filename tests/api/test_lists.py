"""Every list costs as many queries for many rows as for few; `make bench-api` has 5,000."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from api.views.schema import document
from tests.api.crowds import FILLS
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


def test_every_list_is_looked_at() -> None:
    lists = {
        operation["operationId"]
        for methods in document()["paths"].values()
        for operation in methods.values()
        if "limit" in {one["name"] for one in operation.get("parameters", ())}
    }
    assert lists | {"scoreboard"} == set(FILLS)


def asked(program: Program, path: str) -> tuple[int, int]:
    """How many rows came, in how many queries; those for the clock are none."""
    with CaptureQueriesContext(connection) as queries:
        answer = program.get(path)
    assert answer.status_code == 200
    counted = [q for q in queries if "clock_timestamp" not in q["sql"]]
    return len(answer.json()["results"]), len(counted)


@pytest.mark.parametrize("name", FILLS)
def test_a_list_costs_as_many_queries_for_many_as_for_few(
    teacher: Program, educator: User, name: str
) -> None:
    teacher.get("me/")
    few, queries = asked(teacher, FILLS[name](educator, 3))
    many, as_many = asked(teacher, FILLS[name](educator, 45))
    assert 3 <= few < 45 <= many <= 50
    assert as_many == queries <= 6
