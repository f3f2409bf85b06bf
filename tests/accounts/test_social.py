"""Signing in with another house: only where the environment names one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from examgen.settings.environment import BASE_DIR
from tests.servers import openid

# Providers are chosen when the process starts, so each answer comes from its own.
_ASK = """
import json, sys
import django
django.setup()
from django.db import connection
from django.test.utils import setup_test_environment
setup_test_environment()
connection.creation.create_test_db(verbosity=0)
from django.test import Client
answers = {}
for name, method, url in json.loads(sys.argv[1]):
    response = getattr(Client(), method)(url)
    answers[name] = {
        "status": response.status_code,
        "location": response.headers.get("Location", ""),
        "policy": response.headers.get("Content-Security-Policy", ""),
        "body": response.content.decode(),
    }
print(json.dumps(answers))
"""
STORIES = "tests/accounts/social_stories.py"
QUESTIONS = [
    ("login", "get", "/accounts/login/"),
    ("signup", "get", "/accounts/signup/"),
    ("github", "get", "/accounts/github/login/"),
    ("start", "post", "/accounts/github/login/?process=login"),
    ("google", "get", "/accounts/google/login/"),
]


def ask(home: Path, **environment: str) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-c", _ASK, json.dumps(QUESTIONS)],
        capture_output=True,
        check=True,
        cwd=BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "examgen.settings.test",
            "EXAMGEN_DATA": str(home / "data"),
            **environment,
        },
    )
    answers: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return answers


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    # Half a configuration is none.
    return ask(tmp_path_factory.mktemp("home"), GOOGLE_CLIENT_ID="only the id")


@pytest.fixture(scope="module")
def with_two(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return ask(
        tmp_path_factory.mktemp("home"),
        GITHUB_CLIENT_ID="our-id",
        GITHUB_CLIENT_SECRET="our-secret",
        OIDC_SERVER_URL="https://idp.example.org",
        OIDC_NAME="Example University",
        OIDC_CLIENT_ID="our-id",
        OIDC_CLIENT_SECRET="our-secret",
    )


def test_without_providers_there_is_no_button(without: dict[str, Any]) -> None:
    for page in ("login", "signup"):
        assert without[page]["status"] == 200
        for name in ("GitHub", "Google", "Microsoft", "OpenID"):
            assert name not in without[page]["body"]


def test_without_providers_their_pages_do_not_exist(without: dict[str, Any]) -> None:
    assert without["github"]["status"] == 404
    assert without["google"]["status"] == 404


def test_each_configured_provider_has_its_button(with_two: dict[str, Any]) -> None:
    for page in ("login", "signup"):
        body = with_two[page]["body"]
        assert "GitHub" in body
        assert "Example University" in body
        assert "Google" not in body
        assert "/accounts/github/login/" in body
        assert "/accounts/oidc/oidc/login/" in body
        assert "our-secret" not in body


def test_only_a_post_leaves_for_the_provider(with_two: dict[str, Any]) -> None:
    assert with_two["github"]["status"] == 200
    assert with_two["start"]["status"] == 302
    location = with_two["start"]["location"]
    assert location.startswith("https://github.com/login/oauth/authorize?")
    assert "client_id=our-id" in location
    assert "code_challenge=" in location
    assert "code_challenge_method=S256" in location
    assert "state=" in location


@pytest.mark.parametrize("page", ["login", "signup", "github"])
def test_every_page_that_leaves_for_a_provider_may(
    with_two: dict[str, Any], page: str
) -> None:
    directives = with_two[page]["policy"].split("; ")
    assert "form-action 'self' https:" in directives


def test_whoever_comes_through_another_house_lands_where_they_were_going(
    tmp_path: Path,
) -> None:
    """Each story is in social_stories.py: they need a process with that house."""
    with openid.running() as address:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", STORIES],
            capture_output=True,
            check=False,
            text=True,
            cwd=BASE_DIR,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "EXAMGEN_DATA": str(tmp_path / "data"),
                "OIDC_SERVER_URL": address,
                "OIDC_NAME": "Example University",
                "OIDC_CLIENT_ID": "our-id",
                "OIDC_CLIENT_SECRET": "our-secret",
            },
        )
    assert run.returncode == 0, run.stdout
    assert "14 passed" in run.stdout
