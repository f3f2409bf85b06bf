"""System checks: whether PostgreSQL lets us in, and can keep what we write."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import connection
from django.utils.module_loading import import_string


@register
def check_postgresql(**_: Any) -> list[CheckMessage]:
    """Connect as the site will, but beside its pool: a check leaves nothing open."""
    if connection.vendor != "postgresql":
        return []
    # By name: a small site has no driver.
    connect = import_string("psycopg.connect")
    try:
        with connect(**connection.get_connection_params()) as opened:
            encoding = opened.info.parameter_status("server_encoding")
    except import_string("psycopg.Error") as error:
        said = " ".join(str(error).split())
        return [
            Error(
                f"The database that DATABASE_URL names does not let us in: {said}",
                hint="Is PostgreSQL running at its host and port, do its user and "
                "password fit, and does its database exist? Then start again.",
                id="examgen.E040",
            )
        ]
    if encoding == "UTF8":
        return []
    return [
        Error(
            f"The database that DATABASE_URL names is encoded as {encoding}.",
            hint="Lectures come in every script: make it by CREATE DATABASE ... "
            "ENCODING 'UTF8' TEMPLATE template0.",
            id="examgen.E041",
        )
    ]
