"""One run of Schemathesis: how much of it, with which checks, and what it found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import RejectedPositiveData

from api.views.schema import document
from tests.api.fuzzing.casting import casting
from tests.api.fuzzing.scenes import Scene
from tests.api.fuzzing.site import Site

SCHEMA = "/api/v1/schema/"
ONE_BY_ONE = ("examples", "coverage", "fuzzing")
IN_SEQUENCE = ("stateful",)
# The limits of a site would end a run after a second.
UNLIMITED = {"read": 10**9, "write": 10**9}

# Fields with values that fit the schema, and are refused for what no schema can say.
_POLICY = {"course", "opens_at", "closes_at", "release_at", "pass_percent"}
BEYOND: dict[str, set[str]] = {
    "me_change": {"time_zone"},
    "student_accommodate": {"multiplier", "extra_minutes"},
    # The gate speaks of the question as a whole; points are texts, which have no least.
    "question_edit": {"body", "points", ""},
    "question_write": {"body", "points", "quote", ""},
    "questions_add": {"first_page", "last_page"},
    # That it has this kind already.
    "question_kind": {"kind"},
    "answer_grade": {"points"},
    "exam_publish": _POLICY,
    "exam_checklist": _POLICY,
}
# What cannot be printed; and 1.0, which is a whole number to a schema alone.
_MESSAGE = ("malformed tab", "malformed manifest")
# Refusals (422) with codes of their own, each for what no schema can say.
REFUSED: dict[str, set[str]] = {
    # a fiftieth token, and what the one that asks may not pass on
    "token_make": {"too_many", "too_wide", "outlives"},
    # the bytes of a file
    "lecture_upload": {"not_a_lecture", "key_reused"},
    "exam_request": {"key_reused"},
    "question_another": {"key_reused"},
    "question_kind": {"key_reused"},
    "question_write": {"key_reused"},
    "questions_add": {"key_reused"},
    # questions that nobody has decided, an end before the beginning
    "exam_publish": {"not_ready"},
    "exam_end": {"refused"},
    "exam_reopen": {"refused"},
    # who else is there, and teaches
    "educator_add": {"educator_unknown", "educator_owner", "educator_teaches"},
    # which questions and options the paper has
    "submit": {"invalid_items", "unknown_question", "key_reused", *_MESSAGE},
    "answers_save": {*_MESSAGE},
    "announce": {"key_reused"},
    "exam_extend": {"key_reused"},
}
# Texts of nothing but white space, and with what no database takes.
BEYOND_CODES = {"blank", "null_characters_not_allowed"}
# These answer for each item by itself, so one that is none is no fault of the message.
WITH_ITEMS = {"answers_save", "submit"}
ITEM = Draft202012Validator(
    {"$ref": "#/components/schemas/ItemShapeRequest", **document()},
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)


@dataclass
class Found:
    """`failures`: an answer that is not as it should be, with the request as a command.

    `errors`: what kept Schemathesis from asking.
    """

    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def run(
    site: Site,
    scenes: Sequence[Scene],
    *,
    phases: Sequence[str],
    examples: int,
    seed: int,
) -> Found:
    """Ask for every operation, with `examples` random requests beside the systematic."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "continue-on-failure": True,
            # All checks. What asks for If-Match says so with a status of its own.
            "checks": {
                "missing_required_header": {"expected-statuses": [401, 403, 428]}
            },
            "phases": {
                name: {"enabled": name in phases}
                for name in (*ONE_BY_ONE, *IN_SEQUENCE)
            },
            "generation": {
                "database": "none",
                "max-examples": examples,
                "no-shrink": True,
            },
        }
    )
    found = Found()
    with site.served() as address:
        schema = schemathesis.openapi.from_url(f"{address}{SCHEMA}", config=config)
        provider = casting(scenes, steady=not site.restored)
        schema.auth(refresh_interval=None, retry_on=[])(provider)
        schema.hook(filter_failure)
        for event in from_schema(schema).execute():
            match event:
                case events.ScenarioFinished():
                    found.failures.extend(_failures(event.recorder))
                case events.NonFatalError():
                    found.errors.append(f"{event.label}: {event.value!r}")
                case events.FatalError():
                    found.errors.append(repr(event.exception))
    return found


def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether it is one: a schema cannot say every rule that a request has to keep.

    `REFUSED` names the codes of such rules, `BEYOND` the fields; and addresses hold no
    NUL.
    """
    name = case.operation.definition.raw["operationId"]
    if isinstance(failure, AcceptedNegativeData):
        # An empty value in a query is none, as forms send it.
        if "" in (case.query or {}).values():
            return False
        return name not in WITH_ITEMS or not _has_bad_items(case.body)
    if not isinstance(failure, RejectedPositiveData):
        return True
    told = response.json()
    if told["code"] == "malformed" and "%00" in response.request.url:
        return False
    return response.status_code != 422 or not _is_beyond(name, told)


def _is_beyond(name: str, told: Any) -> bool:
    """Whether an operation refuses for what no schema can say."""
    if told["code"] != "invalid":
        code = f"{told['code']} {told.get('where', '')}".strip()
        return code in REFUSED.get(name, ())
    fields = {
        error["field"]
        for error in told.get("errors", ())
        if error["code"] not in BEYOND_CODES
    }
    return fields <= {"cursor", *BEYOND.get(name, ())}


def _has_bad_items(body: Any) -> bool:
    items = body.get("items") if isinstance(body, dict) else None
    return isinstance(items, list) and not all(map(ITEM.is_valid, items))


def _failures(recorder: Any) -> Iterator[str]:
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                what = f"{failure.operation}: {check.name}: {failure.title}"
                shown = check.failure_info.code_sample
                yield f"{what}\n{failure.message}\n{shown}"
