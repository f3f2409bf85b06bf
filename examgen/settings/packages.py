"""Packages that only some sites need: named at the start, not at the first use."""

from __future__ import annotations

from importlib.util import find_spec

from examgen.settings.environment import env
from examgen.settings.wrong import WrongValueError

# The variable, how its value begins when it needs something, and what it needs.
_NEEDS = (
    ("REDIS_URL", "redis", ("redis",)),
    ("CACHE_URL", "redis", ("redis",)),
    ("EXAMGEN_BELL", "celery", ("celery", "redis")),
    ("DATABASE_URL", "postgres", ("psycopg", "psycopg_pool")),
    ("S3_BUCKET", "", ("boto3", "storages")),
)


def require(variable: str, package: str, requirements: str = "deploy") -> None:
    """Say now which package a variable's value needs, and how it is installed."""
    if find_spec(package) is None:
        raise WrongValueError(
            "E109",
            f"{variable} needs the package {package}, which is not installed: "
            f"pip install --require-hashes -r requirements/{requirements}.txt",
        )


for _variable, _beginning, _packages in _NEEDS:
    _value: str = env.str(_variable)
    if _value and _value.startswith(_beginning):
        for _package in _packages:
            require(_variable, _package)
