"""The schema as people read it: operations by noun, and the shapes they name. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

Schema = Mapping[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "at least this long:",
    "maxLength": "at most this long:",
    "minItems": "at least this many:",
    "maxItems": "at most this many:",
    "default": "else",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: a shape by name, or words; `many` of it, and perhaps null."""

    words: str = ""
    shape: str = ""
    many: bool = False
    null: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a shape, or of a request: then `place` says where it stands."""

    name: str
    kind: Kind
    required: bool
    description: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent or comes back; `kind` None for nothing."""

    kind: Kind | None
    media: str = ""
    status: int = 0

    @property
    def phrase(self) -> str:
        return HTTPStatus(self.status).phrase


@dataclass(frozen=True, slots=True)
class Operation:
    """`problems` are the statuses of its problem documents."""

    name: str
    method: str
    path: str
    summary: str
    more: str
    inputs: Sequence[Field]
    sends: Sequence[Body]
    answers: Sequence[Body]
    problems: Sequence[int]


@dataclass(frozen=True, slots=True)
class Noun:
    """Operations whose addresses begin alike."""

    name: str
    operations: Sequence[Operation]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with fields, or one of a few `values`."""

    name: str
    description: str
    fields: Sequence[Field]
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reference:
    nouns: Sequence[Noun]
    shapes: Sequence[Shape]


def reference(schema: Schema) -> Reference:
    """All that an OpenAPI document tells, in its own order."""
    nouns: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if told := methods.get(method):
                made = _operation(method, path, told)
                nouns.setdefault(told["tags"][0], []).append(made)
    return Reference(
        nouns=[Noun(name, found) for name, found in nouns.items()],
        shapes=[
            _shape(name, told) for name, told in schema["components"]["schemas"].items()
        ],
    )


def kind_of(schema: Schema) -> Kind:
    """What a value of this schema is."""
    if "$ref" in schema:
        return Kind(shape=schema["$ref"].rpartition("/")[2])
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            return _one_of(schema[several])
    if "enum" in schema:
        return Kind(", ".join(str(value) for value in schema["enum"]))
    named = schema.get("type", "any value")
    types = [named] if isinstance(named, str) else list(named)
    plain = [name for name in types if name != "null"]
    null = "null" in types
    if plain == ["array"]:
        items = kind_of(schema.get("items", {}))
        if items.many:
            return Kind(f"list of {items.words or items.shape}", many=True, null=null)
        return replace(items, many=True, null=null)
    words = " or ".join(plain)
    if of := schema.get("additionalProperties"):
        inner = kind_of(of) if isinstance(of, Mapping) else Kind("any value")
        words = f"object of {inner.words or inner.shape}"
    if form := schema.get("format"):
        words += f" ({form})"
    return Kind(", ".join([words, *_bounds(schema)]), null=null)


def _one_of(parts: Sequence[Schema]) -> Kind:
    kinds = [kind_of(part) for part in parts if part.get("type") != "null"]
    null = len(kinds) < len(parts)
    if len(kinds) == 1:
        return replace(kinds[0], null=null or kinds[0].null)
    return Kind(" or ".join(kind.words or kind.shape for kind in kinds), null=null)


def _bounds(schema: Schema) -> Iterator[str]:
    for name, words in _BOUNDS.items():
        if name in schema:
            yield f"{words} {schema[name]}"


def _operation(method: str, path: str, told: Schema) -> Operation:
    summary, _, more = told.get("description", "").partition("\n")
    bodies = told.get("requestBody", {}).get("content", {})
    answers = [
        Body(_kind_in(content), media, int(status))
        for status, answer in told["responses"].items()
        for media, content in (answer.get("content") or {"": {}}).items()
    ]
    is_problem = [answer.status >= HTTPStatus.BAD_REQUEST for answer in answers]
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=summary,
        more=more.strip(),
        inputs=[_input(one) for one in told.get("parameters", ())],
        sends=[Body(_kind_in(content), media) for media, content in bodies.items()],
        answers=[a for a, bad in zip(answers, is_problem, strict=True) if not bad],
        problems=sorted(
            {a.status for a, bad in zip(answers, is_problem, strict=True) if bad}
        ),
    )


def _kind_in(content: Schema) -> Kind | None:
    return kind_of(content["schema"]) if "schema" in content else None


def _input(told: Schema) -> Field:
    return Field(
        told["name"],
        kind_of(told.get("schema", {})),
        bool(told.get("required")),
        told.get("description", ""),
        told["in"],
    )


def _shape(name: str, told: Schema) -> Shape:
    required = told.get("required", ())
    return Shape(
        name,
        told.get("description", ""),
        [
            Field(key, kind_of(value), key in required, value.get("description", ""))
            for key, value in told.get("properties", {}).items()
        ],
        [str(value) for value in told.get("enum", ())],
    )
