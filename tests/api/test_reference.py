"""What a schema says, as the reference shows it."""

from __future__ import annotations

import pytest

from api.reference import Body, Field, Kind, kind_of, reference


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, Kind("string")),
        ({"type": "string", "format": "uuid"}, Kind("string (uuid)")),
        ({"type": ["string", "null"]}, Kind("string", null=True)),
        (
            {"type": "integer", "minimum": 1, "maximum": 9, "default": 3},
            Kind("integer, at least 1, at most 9, else 3"),
        ),
        ({"enum": ["a", "b"], "type": "string"}, Kind("a, b")),
        ({"$ref": "#/components/schemas/Line"}, Kind(shape="Line")),
        (
            {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
            Kind(shape="Line", many=True),
        ),
        (
            {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            Kind("list of string", many=True),
        ),
        (
            {"oneOf": [{"$ref": "#/components/schemas/Line"}, {"type": "null"}]},
            Kind(shape="Line", null=True),
        ),
        (
            {"oneOf": [{"type": "string"}, {"type": "boolean"}]},
            Kind("string or boolean"),
        ),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            Kind("object of integer"),
        ),
        ({"type": "object", "additionalProperties": {}}, Kind("object")),
        ({}, Kind("any value")),
    ],
)
def test_a_value_is_told_in_words(schema, kind) -> None:
    assert kind_of(schema) == kind


def test_an_operation_is_told_whole() -> None:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    made = reference(
        {
            "paths": {
                "/things/{id}/": {
                    "patch": {
                        "operationId": "thing_change",
                        "tags": ["things"],
                        "description": "Change a thing.\n\nThe rest stays.",
                        "parameters": [
                            {
                                "in": "path",
                                "name": "id",
                                "required": True,
                                "schema": {"type": "integer"},
                            }
                        ],
                        "requestBody": {
                            "content": {
                                "application/json": {"schema": {"type": "object"}}
                            }
                        },
                        "responses": {
                            "204": {"description": "No Content"},
                            "404": {"content": {"application/problem+json": problem}},
                            "401": {"content": {"application/problem+json": problem}},
                        },
                    }
                }
            },
            "components": {
                "schemas": {
                    "Problem": {
                        "type": "object",
                        "description": "What went wrong.",
                        "properties": {"code": {"type": "string"}},
                        "required": ["code"],
                    },
                    "Colour": {"type": "string", "enum": ["red", "blue"]},
                }
            },
        }
    )
    (noun,) = made.nouns
    (one,) = noun.operations
    assert (noun.name, one.name, one.method) == ("things", "thing_change", "PATCH")
    assert (one.summary, one.more) == ("Change a thing.", "The rest stays.")
    assert one.inputs == [Field("id", Kind("integer"), True, "", "path")]
    assert one.sends == [Body(Kind("object"), "application/json")]
    assert one.answers == [Body(None, "", 204)]
    assert one.answers[0].phrase == "No Content"
    assert one.problems == [401, 404]
    shape, colour = made.shapes
    assert (shape.name, shape.description) == ("Problem", "What went wrong.")
    assert shape.fields == [Field("code", Kind("string"), True)]
    assert (colour.fields, colour.values) == ([], ["red", "blue"])
