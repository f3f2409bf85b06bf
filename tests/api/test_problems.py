"""What goes wrong is told in one form, and every code has its sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from accounts.models import User
from api import scopes, throttling, wording
from tests.api.programs import V1, Program, problem

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def send(program: Program, body: bytes, kind: str = "application/json") -> Any:
    return program.client.post(
        f"{V1}tokens/", body, content_type=kind, headers=program.headers
    )


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a": NaN}', b"[" * 200_000])
def test_a_body_that_cannot_be_read_is_malformed(teacher: Program, body: bytes) -> None:
    assert problem(send(teacher, body)) == (400, "malformed")


def test_a_body_of_another_type_is_not_read(teacher: Program) -> None:
    answer = send(teacher, b"a=1", "application/x-www-form-urlencoded")
    assert problem(answer) == (415, "unsupported_media_type")


def test_a_body_that_is_too_large_is_not_even_read(teacher: Program) -> None:
    assert problem(send(teacher, b" " * (1024 * 1024 + 1))) == (413, "too_large")


def test_a_method_that_does_nothing_says_so(teacher: Program) -> None:
    answer = teacher.delete("me/")
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, PATCH, HEAD, OPTIONS"


def test_an_address_that_is_none_is_told_to_programs(teacher: Program) -> None:
    assert problem(teacher.get("nowhere/")) == (404, "not_found")


def test_a_character_that_cannot_be_looked_for_is_malformed(teacher: Program) -> None:
    assert problem(teacher.get("tokens/", {"cursor": "\0"})) == (400, "malformed")


def test_an_error_of_ours_is_a_problem_without_details(
    teacher: Program, educator: User
) -> None:
    teacher.client.raise_request_exception = False

    def fail(*_: Any) -> Any:
        raise RuntimeError("secret")

    with connection.execute_wrapper(fail):
        answer = teacher.get("me/")
    assert problem(answer) == (500, "broken")
    assert b"secret" not in answer.content


def test_a_database_that_is_away_asks_to_come_again(teacher: Program) -> None:
    teacher.client.raise_request_exception = False

    def away(*_: Any) -> Any:
        raise OperationalError("refused")

    with connection.execute_wrapper(away):
        answer = teacher.get("me/")
    assert problem(answer) == (503, "database_away")
    assert answer.headers["Retry-After"] == "5"


@override_settings(API_REQUESTS_A_MINUTE={"read": 3, "write": 2, "tokens:write": 1})
def test_too_many_requests_are_counted_for_each_person_and_scope(
    educator: User, student: User, monkeypatch
) -> None:
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000_000.0)
    teacher, other = Program(educator), Program(educator)
    assert [teacher.get("me/").status_code for _ in range(2)] == [200, 200]
    assert other.get("me/").status_code == 200
    refused = teacher.get("me/")
    assert problem(refused) == (429, "throttled")
    # The minute began forty seconds ago.
    assert refused.headers["Retry-After"] == "20"
    assert problem(other.get("me/")) == (429, "throttled")
    # Another scope, another verb, another person.
    assert teacher.get("tokens/").status_code == 200
    assert teacher.patch("me/", {}).status_code == 200
    assert Program(student).get("me/").status_code == 200
    assert teacher.post("tokens/", {}).status_code == 422
    assert problem(teacher.post("tokens/", {})) == (429, "throttled")


@override_settings(API_REQUESTS_A_MINUTE={"read": 3, "write": 2})
def test_requests_that_are_refused_for_rights_are_counted(
    student: User, educator: User, monkeypatch
) -> None:
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000_000.0)
    for program, code in (
        (Program(student), "educators_only"),
        (Program(educator, "me:read"), "scope_missing"),
    ):
        for _ in range(2):
            assert problem(program.post("exams/none/")) == (404, "not_found")
            assert problem(program.post("courses/", {})) == (403, code)
        assert problem(program.post("courses/", {})) == (429, "throttled")


def codes() -> set[str]:
    """Codes that the code raises by name."""
    found: set[str] = set()
    for path in (ROOT / "api").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = ast.unparse(node.func).rsplit(".", 1)[-1]
                first = node.args[0]
                if name in ("Refusal", "TokenRefusedError") and isinstance(
                    first, ast.Constant
                ):
                    found.add(first.value)
    return found


def test_every_code_has_a_sentence() -> None:
    assert {"csrf", "scope_missing", "too_wide", "store_away"} <= codes()
    assert codes() - set(wording.PROBLEMS) == set()
    for sentence in wording.PROBLEMS.values():
        assert re.fullmatch(r"[A-Z].*\.", str(sentence))


def test_every_scope_is_said_in_words() -> None:
    assert set(wording.SCOPES) == set(scopes.SCOPES)


def test_visitors_are_not_counted_but_refused(db: None) -> None:
    answers = {Client().get(f"{V1}me/").status_code for _ in range(5)}
    assert answers == {401}
