"""Whoever edits says what they have seen, if they like, and overwrites nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.models import User
from api.views.schema import document
from tests.api.programs import Program, problem
from tests.api.test_doors import ALL, DOORS, arguments
from tests.factories import courses, versions
from tests.test_routes import World, home, made, world

__all__ = ["home", "made", "world"]

NEVER = '"never-such"'
READ = {one.path for one in ALL.values() if one.method == "get"}
# What is changed or deleted where it can also be read.
EDITS = sorted(
    one.name
    for one in ALL.values()
    if one.method in ("patch", "put", "delete") and one.path in READ
)
# These ask for it, and their ETags are revisions; their own tests have them.
ASK_FOR_IT = {"question_edit", "answer_grade"}


def test_the_edits_are_these() -> None:
    assert set(EDITS) - ASK_FOR_IT == {
        "choices_change",
        "course_change",
        "exam_delete",
        "exam_rename",
        "lecture_delete",
        "me_change",
        "student_accommodate",
        "student_remove",
        "token_revoke",
        "tokens_revoke",
    }


@pytest.mark.parametrize("name", EDITS)
def test_the_schema_tells_of_it(name: str) -> None:
    told = document()["paths"][ALL[name].path][ALL[name].method]
    (header,) = (p for p in told["parameters"] if p["name"] == "If-Match")
    assert header.get("required", False) == (name in ASK_FOR_IT)
    assert "409" in told["responses"]


@pytest.mark.parametrize("name", sorted(set(EDITS) - ASK_FOR_IT))
def test_only_what_was_seen_is_changed(world: World, name: str) -> None:
    operation, door = ALL[name], DOORS[name]
    url = operation.url(arguments(world, operation))
    client = world.browser("owner")

    def edit(seen: str) -> Any:
        return client.generic(
            operation.method.upper(),
            url,
            "" if door.body is None else json.dumps(door.body),
            content_type="application/json",
            headers={"If-Match": seen},
        )

    before = client.get(url)
    refused = edit(NEVER)
    assert problem(refused) == (409, "changed_meanwhile")
    assert refused.json()["theirs"] == before.json()
    assert refused.json()["yours"] == (door.body or {})
    assert client.get(url).headers["ETag"] == before.headers["ETag"]
    done = door.row[2]
    assert edit(f'"another", {before.headers["ETag"]}').status_code == done


@pytest.mark.django_db
def test_a_star_is_whatever_is_there_and_nothing_said_asks_nothing(
    teacher: Program, educator: User
) -> None:
    base = f"courses/{courses.course(educator).id}/"
    for headers in ({"if_match": "*"}, {"if_match": ""}, {}):
        answer = teacher.patch(base, {"name": f"By {headers}"}, **headers)
        assert answer.json()["name"] == f"By {headers}"


@pytest.mark.django_db
def test_what_is_not_there_is_no_conflict(teacher: Program, colleague: User) -> None:
    foreign = f"courses/{courses.course(colleague).id}/"
    answer = teacher.patch(foreign, {"name": "Mine"}, if_match=NEVER)
    assert problem(answer) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("post", "tokens/"), ("post", "exams/{0}/close/")]
)
@pytest.mark.django_db
def test_a_comparison_that_is_not_made_is_refused(
    teacher: Program, educator: User, method: str, path: str
) -> None:
    """Silence would let somebody believe that nothing else was overwritten."""
    version = versions.version(educator)
    answer = teacher.send(method, path.format(version.exam_id), {}, if_match="*")
    assert problem(answer) == (400, "not_compared")
    version.refresh_from_db()
    assert version.closed_at is None
