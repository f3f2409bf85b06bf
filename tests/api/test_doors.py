"""Every operation of the API, asked for by every role, as pages are in `test_routes`.

The operations come from the schema: a new one without a row here fails, and so does a
row without an operation. What is foreign and what does not exist look the same.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import get_resolver

from accounts.models import User
from api.views.schema import document
from exams.content import Kind
from exams.formats.examgen_json import body_to_dict
from tests.api.programs import token
from tests.factories import attempts, courses, versions
from tests.factories.exams import BODIES
from tests.test_routes import (
    ROLES,
    Row,
    World,
    alike,
    home,
    made,
    read_out,
    routes,
    world,
)

__all__ = ["home", "made", "world"]


@dataclass(frozen=True, slots=True)
class Door:
    """What each of `ROLES` gets, and what they send."""

    row: Row
    body: Any = None


def people(status: int) -> Row:
    return (401, *(status,) * 4)


def educators(status: int) -> Row:
    return (401, 403, status, status, status)


def owner_only(status: int) -> Row:
    """Admins are no exception: they look at rows in the admin."""
    return (401, 403, status, 404, 404)


def theirs(status: int) -> Row:
    """For the one person whose it is, an educator or not; here it is the owner."""
    return (401, 404, status, 404, 404)


def taker_only(status: int) -> Row:
    """For the student whose attempt it is; not even for the exam's owner."""
    return (401, status, 404, 404, 404)


DOORS: dict[str, Door] = {
    "me": Door(people(200)),
    "me_change": Door(people(200), {"name": "Somebody"}),
    "tokens": Door(people(200)),
    "token_make": Door(people(201), {"name": "x", "scopes": ["me:read"]}),
    "tokens_revoke": Door(people(204)),
    "token": Door(theirs(200)),
    "token_revoke": Door(theirs(204)),
    "lectures": Door(educators(200)),
    # No file comes along.
    "lecture_upload": Door(educators(422), {}),
    "lecture": Door(owner_only(200)),
    "lecture_delete": Door(owner_only(204)),
    # It did not fail, and there is nothing to stop.
    "lecture_retry": Door(owner_only(409)),
    "lecture_cancel": Door(owner_only(200)),
    # Today's reader has read it.
    "lecture_read_again": Door(owner_only(409)),
    "lecture_file": Door(owner_only(200)),
    "pages": Door(owner_only(200)),
    "page": Door(owner_only(200)),
    "page_draw": Door(owner_only(202)),
    "page_picture": Door(owner_only(200)),
    "exam_request": Door(owner_only(201), {}),
    "exams": Door(educators(200)),
    "exam": Door(owner_only(200)),
    "exam_rename": Door(owner_only(200), {"title": "Mid-term"}),
    "exam_delete": Door(owner_only(204)),
    "exam_progress": Door(owner_only(200)),
    "exam_retry": Door(owner_only(409)),
    "exam_document": Door(owner_only(200)),
    "questions": Door(owner_only(200)),
    "question": Door(owner_only(200)),
    # Nobody says here which version they have seen.
    "question_edit": Door(owner_only(428), {"stem": "Which?"}),
    "question_decide": Door(owner_only(428), {"decision": "accepted"}),
    "question_write": Door(
        owner_only(422),
        {
            "stem": "Which?",
            "body": body_to_dict(BODIES[Kind.ESSAY]),
            "page": 1,
            "quote": "Nowhere",
        },
    ),
    "question_another": Door(owner_only(428), {"hint": "light"}),
    "question_kind": Door(owner_only(428), {"kind": "matching"}),
    # Some are being drafted already.
    "questions_add": Door(
        owner_only(409), {"number": 1, "first_page": 1, "last_page": 1}
    ),
    "requests": Door(owner_only(200)),
    "request": Door(owner_only(200)),
    "request_cancel": Door(owner_only(200)),
    # It was for more questions.
    "question_bring_back": Door(owner_only(409)),
    "exam_checklist": Door(owner_only(200)),
    # Nothing is decided, and nothing published here.
    "exam_publish": Door(owner_only(422), {"course": None}),
    "exam_close": Door(owner_only(404)),
    "exam_reopen": Door(owner_only(404), {"closes_at": None}),
    "exam_end": Door(owner_only(404), {"closes_at": None}),
    "exam_release": Door(owner_only(404)),
    "exam_live": Door(owner_only(404)),
    "exam_extend": Door(
        owner_only(404), {"attempt_id": None, "minutes": 5, "reason": "The fire alarm"}
    ),
    "announcements": Door(owner_only(404)),
    "announce": Door(owner_only(404), {"text": "Question 3 is about page 4."}),
    "exam_results": Door(owner_only(200)),
    "to_grade": Door(educators(200)),
    "exam_to_grade": Door(owner_only(200)),
    # Of an essay of the student's at an exam of the owner's.
    "answer_to_grade": Door(owner_only(200)),
    # Nobody says here which grade they have seen.
    "answer_grade": Door(owner_only(428), {"points": 1}),
    "receipt_check": Door(educators(404), {"shown": "a receipt"}),
    "courses": Door(educators(200)),
    "course_create": Door(educators(201), {"name": "Zoology"}),
    "course": Door(owner_only(200)),
    "course_change": Door(owner_only(200), {"name": "Zoology"}),
    "course_renew_code": Door(owner_only(200)),
    "educators": Door(owner_only(200)),
    "educator_add": Door(owner_only(201), {"email": "other@example.org"}),
    "educator_remove": Door(owner_only(204)),
    "students": Door(owner_only(200)),
    "student": Door(owner_only(200)),
    "student_accommodate": Door(owner_only(200), {"multiplier": "1.5"}),
    "student_remove": Door(owner_only(204)),
    "student_bring_back": Door(owner_only(200)),
    "invitations": Door(owner_only(200)),
    "invite": Door(owner_only(200), {"addresses": "bo@example.org"}),
    "invitation_withdraw": Door(owner_only(204)),
    # It left a moment ago.
    "invitation_resend": Door(owner_only(409)),
    "courses_attended": Door(people(200)),
    "course_leave": Door((401, 204, 404, 404, 404)),
    "join": Door(people(404), {"code": "NOWHERE"}),
    "invitation_accept": Door(people(404), {"token": "none"}),
    "exams_to_take": Door(people(200)),
    "entitlement": Door((401, 200, 200, 404, 404)),
    # The owner sees their own exam, and cannot take it.
    "attempt_start": Door((401, 201, 409, 404, 404)),
    "attempts": Door(people(200)),
    "attempt": Door(taker_only(200)),
    "paper": Door(taker_only(200)),
    "standing": Door(taker_only(200)),
    "answers_save": Door(taker_only(200), {"protocol": 1, "items": []}),
    "submit": Door(taker_only(200), {"protocol": 1}),
    # It is still open.
    "receipt": Door(taker_only(409)),
    "result": Door(taker_only(409)),
    # The owner may see the key at any time.
    "result_page": Door((401, 404, 200, 404, 404)),
    # Nothing is published here, so there is no board.
    "scoreboard": Door(people(404)),
    "notifications": Door(people(200)),
    "notifications_read": Door(people(200)),
    "notification_read": Door(theirs(204)),
    "choices": Door(people(200)),
    "choices_change": Door(people(200), {"choices": []}),
}
# Of an exam that is published, where that makes a difference.
PUBLISHED: dict[str, Door] = {
    "exam_rename": Door(owner_only(409), {"title": "Mid-term"}),
    "exam_delete": Door(owner_only(409)),
    "lecture_delete": Door(owner_only(409)),
    "question_decide": Door(owner_only(428), {"decision": "accepted"}),
    "exam_checklist": Door(owner_only(409)),
    "exam_publish": Door(owner_only(409), {"course": None}),
    "exam_close": Door(owner_only(200)),
    # It is open, so there is nothing to reopen.
    "exam_reopen": Door(owner_only(409), {"closes_at": None}),
    # It is to be released after the close, which needs an end.
    "exam_end": Door(owner_only(422), {"closes_at": None}),
    # Whoever comes later would hear the answers.
    "exam_release": Door(owner_only(409)),
    "exam_live": Door(owner_only(200)),
    # Nobody is at it.
    "exam_extend": Door(
        owner_only(409), {"attempt_id": None, "minutes": 5, "reason": "The fire alarm"}
    ),
    "announcements": Door(owner_only(200)),
    "announce": Door(owner_only(201), {"text": "Question 3 is about page 4."}),
    # A student who did not take it has no board; whoever teaches it has.
    "scoreboard": Door((401, 404, 200, 404, 404)),
}
# Open to everybody; it is no operation itself.
OPEN = {"api:schema": alike(200)}


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str

    def __str__(self) -> str:
        return self.name

    @property
    def is_about_an_object(self) -> bool:
        return "{" in self.path

    def url(self, arguments: dict[str, Any]) -> str:
        return re.sub(r"\{(\w+)\}", lambda m: str(arguments[m.group(1)]), self.path)


def operations() -> Iterator[Operation]:
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            yield Operation(told["operationId"], method, path)


ALL = {operation.name: operation for operation in operations()}
OBJECTS = [ALL[name] for name in DOORS if name in ALL and ALL[name].is_about_an_object]


def arguments(world: World, operation: Operation) -> dict[str, Any]:
    """What addresses are filled with; attempts and exams to take are the student's."""
    known = world.arguments
    if "{attempt_id}" not in operation.path and "/take/" not in operation.path:
        return known
    owner, student = (
        User.objects.get(email=f"{role}@example.org") for role in ("owner", "student")
    )
    course = courses.course(owner, student)
    version = versions.version(owner, course=course)
    asked = {"exam_id": version.exam_id}
    if "{question}" in operation.path:
        essay = uuid.UUID(versions.sheet(version, Kind.ESSAY)["id"])
        attempt = attempts.closed(version, student)
        return {**known, **asked, "attempt_id": attempt.id, "question": essay}
    return {**known, **asked, "attempt_id": attempts.started(version, student).id}


def ask(world: World, role: str, operation: Operation, url: str, body: Any) -> Any:
    client = world.browser(role)
    content = b"" if body is None else json.dumps(body)
    response = client.generic(
        operation.method.upper(), url, content, content_type="application/json"
    )
    read_out(response)
    return response


def test_every_operation_has_a_door_and_every_door_an_operation() -> None:
    assert set(ALL) == set(DOORS)


def test_every_address_has_an_operation() -> None:
    """Nothing is served that the schema does not tell of."""
    told = {re.sub(r"\{(\w+)\}", "x", operation.path) for operation in ALL.values()}
    served = {
        re.sub(r"<(?:\w+:)?(\w+)>", "x", route.pattern)
        for route in routes(get_resolver("examgen.urls"))
        if route.name.startswith("api:") and route.name not in OPEN
    }
    assert served == told


@pytest.mark.parametrize("name", DOORS)
def test_each_role_gets_its_answer(world: World, name: str) -> None:
    operation, door = ALL[name], DOORS[name]
    url = operation.url(arguments(world, operation))
    found = {}
    # The owner last: only their requests change what the others are asked about.
    for role in ("anonymous", "student", "other", "admin", "owner"):
        found[role] = ask(world, role, operation, url, door.body).status_code
    assert tuple(found[role] for role in ROLES) == door.row


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_role_gets_its_answer_about_a_published_exam(
    world: World, name: str
) -> None:
    operation, door = ALL[name], PUBLISHED[name]
    url = operation.url(world.about(world.version.exam))
    found = {}
    for role in ("anonymous", "student", "other", "admin", "owner"):
        found[role] = ask(world, role, operation, url, door.body).status_code
    assert tuple(found[role] for role in ROLES) == door.row


@pytest.mark.parametrize("operation", OBJECTS, ids=str)
def test_a_foreign_object_looks_exactly_like_an_unknown_one(
    world: World, operation: Operation
) -> None:
    known = arguments(world, operation)
    unknown = {
        name: uuid.uuid4() if isinstance(value, uuid.UUID) else value
        for name, value in known.items()
    }
    seen = []
    for which in (known, unknown):
        url = operation.url(which)
        response = ask(world, "other", operation, url, DOORS[operation.name].body)
        headers = {k: v for k, v in response.headers.items() if k != "X-Request-ID"}
        seen.append((response.status_code, headers, response.content))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404


@pytest.mark.parametrize("operation", ALL.values(), ids=str)
def test_a_token_without_the_scope_opens_no_door(
    world: World, operation: Operation
) -> None:
    owner = User.objects.get(email="owner@example.org")
    noun = "boards" if operation.name.startswith("me") else "me"
    headers = {"Authorization": f"Bearer {token(owner, f'{noun}:read')}"}
    client = world.browser("anonymous")
    response = client.generic(
        operation.method.upper(),
        operation.url(arguments(world, operation)),
        b"{}",
        content_type="application/json",
        headers=headers,
    )
    assert response.status_code == 403
    assert response.json()["code"] == "scope_missing"


@pytest.mark.parametrize("name", OPEN)
def test_what_is_open_is_open_to_everybody(world: World, name: str) -> None:
    (route,) = (r for r in routes(get_resolver("examgen.urls")) if r.name == name)
    found = [world.browser(role).get(route.pattern).status_code for role in ROLES]
    assert tuple(found) == OPEN[name]
