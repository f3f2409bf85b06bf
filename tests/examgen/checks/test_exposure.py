"""What `manage.py check` says of a wrong environment."""

from __future__ import annotations

import pytest

from examgen.checks import exposure

VARIABLES = (
    *("EXAMGEN_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "CACHE_URL"),
    "S3_SECRET_ACCESS_KEY",
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def test_a_site_that_keeps_secrets_of_the_demo_is_told_each_once(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = False
    monkeypatch.setenv("EXAMGEN_SECRET_KEY", "demo-only-and-so-on")
    monkeypatch.setenv(
        "DATABASE_URL", "postgresql://examgen:demo-only@database/examgen"
    )
    monkeypatch.setenv("REDIS_URL", "redis://:demo-only@broker:6379/0")
    monkeypatch.setenv("CACHE_URL", "redis://:demo-only@cache:6379/0")
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "demo-only")
    found = exposure.check_secrets()
    assert [(error.id, error.msg) for error in found] == [
        ("examgen.E030", f"{name} is still the demo's, which everybody can read.")
        for name in (
            *("EXAMGEN_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"),
            "S3_SECRET_ACCESS_KEY",
        )
    ]
    assert found[1].hint == (
        "Set POSTGRES_PASSWORD to a value of your own: openssl rand -hex 32."
    )


def test_secrets_of_ones_own_and_those_of_a_demo_are_fine(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = False
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "quiet-green-leaves")
    assert exposure.check_secrets() == []
    settings.DEMO = True
    monkeypatch.setenv("EXAMGEN_SECRET_KEY", "demo-only-and-so-on")
    assert exposure.check_secrets() == []
