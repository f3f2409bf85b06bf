"""System checks: whether PostgreSQL lets us in, and can keep what we write."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import connection
from django.utils.module_loading import import_string

# How the server or its driver say what is wrong, and what an operator can do.
_CURES = (
    ("password authentication failed", "Correct user and password in DATABASE_URL."),
    ("no password supplied", "DATABASE_URL has no password: user:password@host."),
    ('role "', "Create the user, or correct it in DATABASE_URL."),
    ('database "', "Create the database, or correct its name in DATABASE_URL."),
    ("resolve host", "Correct the host in DATABASE_URL."),
    (
        "Connection refused",
        "Start PostgreSQL, or correct host and port in DATABASE_URL.",
    ),
    ("timeout", "Start PostgreSQL, or correct host and port in DATABASE_URL."),
    ("certificate", "Correct sslmode and sslrootcert after the ? of DATABASE_URL."),
    ("SSL", "Correct sslmode after the ? of DATABASE_URL."),
)
_ANY_CURE = (
    "Is PostgreSQL running at its host and port, do its user and password fit, and does "
    "its database exist?"
)


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
                hint=_cure(said),
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


def _cure(said: str) -> str:
    """Servers speak the language of their operator: then the cure is a question."""
    return next((cure for words, cure in _CURES if words in said), _ANY_CURE)
