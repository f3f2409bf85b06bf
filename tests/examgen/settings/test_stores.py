"""The store that the environment asks for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from examgen.settings.environment import BASE_DIR

_TELL = """
import json, sys, django
django.setup()
from django.conf import settings
from django.core.files.storage import default_storage
client = getattr(default_storage, "_client", None)
config = client and client.meta.config
print(json.dumps({
    "backend": settings.STORAGES["default"]["BACKEND"],
    "boto": client is None and "boto3" in sys.modules,
    "pictures": settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"],
    "where": client and client.meta.endpoint_url,
    "region": client and client.meta.region_name,
    "timeouts": config and [config.connect_timeout, config.read_timeout],
    "tries": config and config.retries["total_max_attempts"],
    "style": config and config.s3["addressing_style"],
    "impatient": client and default_storage.impatient,
    "overwrites": client and default_storage.file_overwrite,
    "acl": client and default_storage.default_acl,
}))
"""
ENDPOINT = "http://127.0.0.1:9000"


def told(home: Path, **env: str) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-c", _TELL],
        capture_output=True,
        check=False,
        text=True,
        cwd=BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "examgen.settings",
            "EXAMGEN_DATA": str(home / "data"),
            **env,
        },
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_without_a_bucket_files_stay_on_the_disk(tmp_path: Path) -> None:
    site = told(tmp_path, EXAMGEN_ROLE="web")
    assert site["backend"] == "examgen.disk.DiskStorage"
    assert site["boto"] is False
    assert site["pictures"] == ["'self'", "data:"]


def test_a_bucket_is_private_bounded_and_never_overwritten(tmp_path: Path) -> None:
    site = told(
        tmp_path,
        S3_BUCKET="exams",
        S3_ENDPOINT_URL=f"{ENDPOINT}/",
        S3_ACCESS_KEY_ID="key",
        S3_SECRET_ACCESS_KEY="secret",
        # What is meant for other tools of this machine has no say.
        AWS_S3_FILE_OVERWRITE="1",
        AWS_SESSION_TOKEN="of somebody else",
    )
    assert site == {
        "backend": "examgen.bucket.BucketStorage",
        "boto": False,
        "pictures": ["'self'", "data:"],
        "where": ENDPOINT,
        "region": "us-east-1",
        "timeouts": [3.0, 10.0],
        "tries": 2,
        "style": "auto",
        "impatient": False,
        "overwrites": False,
        "acl": None,
    }


def test_a_web_process_does_not_wait_twice(tmp_path: Path) -> None:
    site = told(
        tmp_path,
        S3_BUCKET="exams",
        S3_REGION="garage",
        S3_ADDRESSING_STYLE="path",
        EXAMGEN_ROLE="web",
    )
    assert site["impatient"] is True
    assert (site["region"], site["style"]) == ("garage", "path")


@pytest.mark.parametrize(
    ("style", "origin"),
    [
        ("auto", "https://s3.example.org:9000"),
        ("path", "https://s3.example.org:9000"),
        ("virtual", "https://exams.s3.example.org:9000"),
    ],
)
def test_pictures_may_come_from_where_browsers_are_sent(
    tmp_path: Path, style: str, origin: str
) -> None:
    site = told(
        tmp_path,
        S3_BUCKET="exams",
        S3_PUBLIC_URL="https://s3.example.org:9000/",
        S3_ADDRESSING_STYLE=style,
    )
    assert site["pictures"] == ["'self'", "data:", origin]
