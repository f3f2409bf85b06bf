from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from api.views.schema import as_yaml, document
from tests.api.programs import V1

ROOT = Path(__file__).parents[3]


def test_the_committed_schema_is_that_of_the_code() -> None:
    """`make openapi` writes it anew."""
    assert (ROOT / "docs" / "openapi.yaml").read_bytes() == as_yaml()


def test_the_schema_is_valid_and_nothing_in_it_was_guessed() -> None:
    GENERATOR_STATS.reset()
    validate_schema(SchemaGenerator().get_schema(public=True))
    assert not GENERATOR_STATS


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("", "", "application/vnd.oai.openapi+json"),
        ("", "*/*", "application/vnd.oai.openapi+json"),
        ("", "application/json", "application/vnd.oai.openapi+json"),
        ("", "application/yaml", "application/vnd.oai.openapi; charset=utf-8"),
        ("?format=json", "application/yaml", "application/vnd.oai.openapi+json"),
        ("?format=yaml", "", "application/vnd.oai.openapi; charset=utf-8"),
    ],
)
def test_the_schema_comes_as_json_or_yaml(query: str, accept: str, kind: str) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = Client().get(f"{V1}schema/{query}", headers=headers)
    assert answer.headers["Content-Type"] == kind
    # JSON is YAML as well.
    assert yaml.safe_load(answer.content) == yaml.safe_load(as_yaml())


def test_another_form_of_the_schema_does_not_exist() -> None:
    assert Client().get(f"{V1}schema/?format=raml").status_code == 404


def test_every_operation_says_what_goes_wrong_as_a_problem() -> None:
    for methods in document()["paths"].values():
        for operation in methods.values():
            answers = operation["responses"]
            assert {"400", "401", "403", "404", "429", "503"} <= set(answers)
            for status, answer in answers.items():
                if status >= "400":
                    assert set(answer["content"]) == {"application/problem+json"}


def test_every_read_says_that_what_is_known_need_not_come_again() -> None:
    for methods in document()["paths"].values():
        for method, operation in methods.items():
            taken = {parameter["name"] for parameter in operation.get("parameters", ())}
            answers = operation["responses"]
            assert ({"304", "412"} <= set(answers)) == (method == "get")
            assert ("If-None-Match" in taken) == (method == "get")


def test_files_that_the_store_may_hand_out_say_so() -> None:
    lent = {
        operation["operationId"]
        for methods in document()["paths"].values()
        for operation in methods.values()
        if "302" in operation["responses"]
    }
    assert lent == {"lecture_file", "page_picture", "result_page"}


def test_what_may_be_blank_or_lack_is_said() -> None:
    """Each of these came, and the schema had said that it never does."""
    shapes = document()["components"]["schemas"]
    blank = shapes["BlankEnum"]
    assert blank == {"enum": [""]}
    closed_by = shapes["AttemptShape"]["properties"]["closed_by"]
    assert {"$ref": "#/components/schemas/BlankEnum"} in closed_by["oneOf"]
    assert shapes["CardShape"]["properties"]["attempt_id"]["type"] == ["string", "null"]
    assert shapes["RowShape"]["properties"]["page"]["type"] == ["integer", "null"]
    assert shapes["AnswerShape"]["properties"]["value"] == {}


def test_a_change_says_which_fields_it_needs() -> None:
    shapes = document()["components"]["schemas"]
    assert shapes["ChoicesShapeRequest"]["required"] == ["choices"]
    assert not [name for name in shapes if name.startswith("Patched")]
