"""Which way mail leaves, as the environment says it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from examgen.settings.environment import BASE_DIR

_SHOW = """
import json
from examgen import settings
names = ["EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER",
         "EMAIL_USE_TLS", "EMAIL_USE_SSL", "MAIL_AFTER_CRASH"]
shown = {name: getattr(settings, name) for name in names}
shown["ANYMAIL"] = getattr(settings, "ANYMAIL", None)
print(json.dumps(shown))
"""
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAILGUN = {"MAILGUN_API_KEY": "key", "MAILGUN_DOMAIN": "mg.example.org"}


def shown(home: Path, **environment: str) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-c", _SHOW],
        capture_output=True,
        check=True,
        text=True,
        cwd=BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "EXAMGEN_DATA": str(home / "data"),
            "EXAMGEN_SECRET_KEY": "tests-" * 10,
            **environment,
        },
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_without_a_word_mail_is_shown_on_the_console(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert found["MAIL_AFTER_CRASH"] == "resend"
    assert found["ANYMAIL"] is None


def test_in_the_demo_mail_goes_to_files(tmp_path: Path) -> None:
    found = shown(tmp_path, EXAMGEN_DEMO="1")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"


def test_an_address_of_a_server_is_taken_apart(tmp_path: Path) -> None:
    url = "smtp+tls://exams%40example.org:pass@mail.example.org:587"
    found = shown(tmp_path, EMAIL_URL=url, EXAMGEN_DEMO="1")
    assert (found["EMAIL_BACKEND"], found["EMAIL_HOST"]) == (SMTP, "mail.example.org")
    assert (found["EMAIL_PORT"], found["EMAIL_HOST_USER"]) == (587, "exams@example.org")
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (True, False)


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ({}, "https://api.mailgun.net/v3"),
        ({"MAILGUN_REGION": "eu"}, "https://api.eu.mailgun.net/v3"),
        ({"MAILGUN_REGION": "EU"}, "https://api.eu.mailgun.net/v3"),
    ],
)
def test_a_key_of_mailgun_sends_by_its_api_in_its_region(
    tmp_path: Path, region: dict[str, str], url: str
) -> None:
    found = shown(tmp_path, **MAILGUN, **region)
    assert found["EMAIL_BACKEND"] == "anymail.backends.mailgun.EmailBackend"
    assert found["ANYMAIL"] == {
        "MAILGUN_API_KEY": "key",
        "MAILGUN_SENDER_DOMAIN": "mg.example.org",
        "MAILGUN_API_URL": url,
        "REQUESTS_TIMEOUT": 20,
        "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    }


@pytest.mark.parametrize(
    ("wrong", "code", "named"),
    [
        ({"MAIL_AFTER_CRASH": "forget"}, "examgen.E020", "EXAMGEN_MAIL_AFTER_CRASH"),
        ({"EMAIL_URL_GIVEN": True}, "examgen.E021", "EMAIL_URL and MAILGUN_API_KEY"),
        ({"MAILGUN_DOMAIN": ""}, "examgen.E022", "without MAILGUN_DOMAIN"),
        ({"MAILGUN_REGION": "mars"}, "examgen.E023", "MAILGUN_REGION is 'mars'"),
    ],
)
def test_a_wrong_word_is_an_error_with_a_hint(
    settings, wrong: dict[str, Any], code: str, named: str
) -> None:
    settings.MAILGUN_API_KEY, settings.MAILGUN_DOMAIN = "key", "mg.example.org"
    settings.MAILGUN_REGION, settings.EMAIL_URL_GIVEN = "us", False
    assert run_checks() == []
    for name, value in wrong.items():
        setattr(settings, name, value)
    (found,) = run_checks()
    assert found.id == code
    assert named in found.msg
    assert found.hint


def test_mailgun_needs_its_package(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAILGUN_API_KEY, settings.MAILGUN_DOMAIN = "key", "mg.example.org"
    # As far as Python can tell, a package that is None here is not installed.
    monkeypatch.setitem(sys.modules, "anymail", None)
    (found,) = run_checks()
    assert found.id == "examgen.E024"
    assert found.hint == (
        "Install requirements/deploy.txt, or send by SMTP with EMAIL_URL."
    )
