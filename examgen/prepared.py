"""Queries that the ORM writes once for a process, and that are asked many times.

Writing the query of a board takes the ORM longer than all the rest of a page that is
kept. Its words never change, only the values in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Field, QuerySet
from django.db.models.expressions import Expression


class Given(Expression):
    """A value that is told when the query is asked, by this name."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def told(self, value: Any) -> Any:
        """The value as the database takes it; None for a number that it cannot hold."""
        field: Any = self.output_field
        if isinstance(value, int) and not isinstance(value, bool):
            kind = field.get_internal_type()
            least, most = connection.ops.integer_field_range(kind)
            if (least is not None and value < least) or (
                most is not None and value > most
            ):
                return None
        return field.get_db_prep_value(value, connection)


@dataclass(frozen=True, slots=True)
class _Written:
    query: Any
    sql: str
    params: tuple[Any, ...]
    columns: list[Any]


class Prepared:
    """A query of plain values: `rows` makes it, with `Given` for what differs.

    `rows` is called once for each kind of database.
    """

    def __init__(self, rows: Callable[[], QuerySet[Any, Any]]) -> None:
        self._rows = rows
        self._written: dict[str, _Written] = {}

    def ask(self, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows for these values; those that the query does not name are ignored."""
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = self._write()
        params = [
            one.told(given[one.name]) if isinstance(one, Given) else one
            for one in written.params
        ]
        # Django's own way from what a driver says to values of fields.
        compiler = written.query.get_compiler(connection=connection)
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            rows = cursor.fetchall()
        converters = compiler.get_converters(written.columns)
        if converters:
            rows = compiler.apply_converters(rows, converters)
        return [tuple(row) for row in rows]

    def _write(self) -> _Written:
        query: Any = self._rows().query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column for column, *_ in compiler.select]
        return _Written(query, *_settled(sql, params), columns)


def _settled(sql: str, params: Iterable[Any]) -> tuple[str, tuple[Any, ...]]:
    """Write what is always the same into the query: a driver then need not, each time."""
    left = []
    words: list[str] = []
    pieces = sql.split("%s")
    for piece, param in zip(pieces, params, strict=False):
        if type(param) is int:
            words += piece, str(param)
        elif isinstance(param, str) and not {"\\", "%"} & set(param):
            # Those of an enumeration too, which `str` makes plain.
            words += piece, "'" + str(param).replace("'", "''") + "'"
        else:
            words += piece, "%s"
            left.append(param)
    return "".join([*words, pieces[-1]]), tuple(left)
