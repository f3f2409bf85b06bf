"""Packages that only some sites need: named at the start, not at the first use."""

from __future__ import annotations

from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

from examgen.settings.environment import env

# The variable, how its value begins when it needs something, and what it needs.
_NEEDS = (
    ("REDIS_URL", "redis", ("redis",)),
    ("CACHE_URL", "redis", ("redis",)),
    ("EXAMGEN_BELL", "celery", ("celery", "redis")),
    ("DATABASE_URL", "postgres", ("psycopg", "psycopg_pool")),
    ("S3_BUCKET", "", ("boto3", "storages")),
)

for _variable, _beginning, _packages in _NEEDS:
    _value: str = env.str(_variable, "")
    if not _value or not _value.startswith(_beginning):
        continue
    for _package in _packages:
        if find_spec(_package) is None:
            raise ImproperlyConfigured(
                f"{_variable} needs the package {_package}, which is not installed: "
                "pip install --require-hashes -r requirements/deploy.txt"
            )
