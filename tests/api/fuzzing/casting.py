"""Who sends a request that Schemathesis made, with what of theirs in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from schemathesis.core.parameters import ParameterLocation

from tests.api.fuzzing.scenes import Scene

# Addresses of those who take exams; all others are of those who make them.
TAKING = {"attempts", "take"}

# Nothing could follow it: an admin, who does nothing else, asks for this.
REVOKING = "tokens_revoke"

# Where a mistake keeps a request from reaching anything.
SPOILING = (
    ParameterLocation.PATH,
    ParameterLocation.QUERY,
    ParameterLocation.HEADER,
    ParameterLocation.BODY,
)


def casting(scenes: Sequence[Scene], *, steady: bool) -> type:
    """An auth provider: it is asked for every request, so it fills it as well.

    What is made to break the schema stays as it is. With `steady` the same person goes
    on with what they began; else all take turns with requests of a kind, and in every
    other round they say no more of what they know than the address.
    """

    class Casting:
        def __init__(self) -> None:
            self._turns: defaultdict[Any, Iterator[int]] = defaultdict(count)

        def get(self, case: Any, _context: Any) -> tuple[Scene, bool]:
            names = set(case.path_parameters)
            fitting = [one for one in scenes if names <= set(one.path)] or scenes
            if steady and case.operation.definition.raw["operationId"] == REVOKING:
                return scenes[-2], True
            if steady:
                tags = set(case.operation.definition.raw["tags"])
                return fitting[-1 if tags & TAKING else 0], True
            kind = tuple(_is_as_said(case, where) for where in SPOILING)
            turns = self._turns[case.operation.label, kind]
            rounds, turn = divmod(next(turns), len(fitting))
            return fitting[turn], rounds % 2 == 0

        def set(self, case: Any, cast: tuple[Scene, bool], _context: Any) -> None:
            scene, knowing = cast
            case.headers["Authorization"] = f"Bearer {scene.secret}"
            if _is_as_said(case, ParameterLocation.PATH):
                for name in set(case.path_parameters) & set(scene.path):
                    case.path_parameters[name] = str(scene.path[name])
            if knowing and _is_as_said(case, ParameterLocation.BODY):
                _fill(case.body, scene.fields)
            tagged = "If-Match" in case.headers
            if knowing and tagged and _is_as_said(case, ParameterLocation.HEADER):
                case.headers["If-Match"] = "*"

    return Casting


def _is_as_said(case: Any, where: ParameterLocation) -> bool:
    """Whether this part is as the schema says."""
    return case.meta is None or not case.meta.is_negative_at(where)


def _fill(body: Any, fields: Mapping[str, Any]) -> None:
    """Put what is known into fields of these names and kinds, in place."""
    match body:
        case dict():
            for name, value in body.items():
                known = fields.get(name)
                # Files are made as texts or as bytes.
                texts = isinstance(value, str) == isinstance(known, str)
                same = texts or isinstance(known, bytes)
                if known is not None and value is not None and same:
                    body[name] = known
                else:
                    _fill(value, fields)
        case list():
            for item in body:
                _fill(item, fields)
