"""Half of what a bucket needs is named at start-up, with the cure."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks

WHOLE = {
    "S3_BUCKET": "exams",
    "S3_ENDPOINT_URL": "http://127.0.0.1:9000",
    "S3_REGION": "garage",
    "S3_ACCESS_KEY_ID": "key",
    "S3_SECRET_ACCESS_KEY": "secret",
    "S3_PUBLIC_URL": "https://objects.example.org",
    "S3_ADDRESSING_STYLE": "path",
}
NOTHING = {**dict.fromkeys(WHOLE, ""), "S3_ADDRESSING_STYLE": "auto"}


def found(settings: Any, **changes: str) -> list[tuple[str | None, str]]:
    for name, value in {**WHOLE, **changes}.items():
        setattr(settings, name, value)
    messages = run_checks()
    assert all(message.hint for message in messages)
    return [(message.id, message.msg) for message in messages]


def test_a_bucket_with_all_that_belongs_to_it_is_fine(settings) -> None:
    assert found(settings) == []


def test_a_bucket_alone_is_fine(settings) -> None:
    assert found(settings, **NOTHING | {"S3_BUCKET": "exams"}) == []


def test_a_site_without_a_bucket_is_fine(settings) -> None:
    assert found(settings, **NOTHING) == []


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"S3_BUCKET": ""}, "examgen.E062", "S3_ENDPOINT_URL, S3_REGION"),
        ({"S3_BUCKET": "My_Exams"}, "examgen.E063", "S3_BUCKET is no name"),
        ({"S3_BUCKET": "s3://me:hush@exams"}, "examgen.E063", "S3_BUCKET is no name"),
        ({"S3_ACCESS_KEY_ID": ""}, "examgen.E064", "S3_ACCESS_KEY_ID is missing"),
        (
            {"S3_SECRET_ACCESS_KEY": ""},
            "examgen.E064",
            "S3_SECRET_ACCESS_KEY is missing",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_variable(
    settings, changes: dict[str, str], code: str, words: str
) -> None:
    ((name, said),) = found(settings, **changes)
    assert name == code
    assert words in said
    assert "hush" not in said


def test_pictures_in_the_clear_on_a_safe_page_are_warned_of(settings) -> None:
    settings.SITE_URL = "https://exams.example.org"
    settings.ALLOWED_HOSTS = ["exams.example.org"]
    assert [code for code, _ in found(settings, S3_PUBLIC_URL="http://store:9000")] == [
        "examgen.W062"
    ]
