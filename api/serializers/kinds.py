"""JSON says of which kind a value is, so nothing is taken for what it is not.

The framework reads 0 as false and 7 as a text, as forms have to. Here that would accept
what the schema forbids, and hide a mistake of whoever sends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers

_TEXTS = (
    serializers.CharField,
    serializers.ChoiceField,
    serializers.DateTimeField,
    serializers.UUIDField,
)


def mistaken(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Iterator[str]:
    """Yield where in `value` something is of another kind than the schema says.

    Lacking fields, nulls and what is nested in the wrong way are left to the field.
    """
    match field, value:
        case serializers.ListSerializer() | serializers.ListField(), list():
            child: Any = field.child
            for item in value:
                yield from mistaken(child, item)
        case serializers.Serializer(), Mapping():
            for name, inner in field.fields.items():
                for where in mistaken(inner, value.get(name)):
                    yield f"{name}.{where}".strip(".")
        case _ if value is not None and not _fits(field, value):
            yield ""


def _fits(field: serializers.Field[Any, Any, Any, Any], value: Any) -> bool:
    match field:
        case serializers.BooleanField():
            return isinstance(value, bool)
        case serializers.IntegerField():
            # 2.0 is a whole number to JSON.
            return _is_number(value) and float(value).is_integer()
        case serializers.DecimalField(coerce_to_string=False):
            return _is_number(value)
        case serializers.DecimalField():
            return isinstance(value, str)
    return isinstance(value, str) or not isinstance(field, _TEXTS)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
