"""How mail leaves, by environment, as a process of its own reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from examgen.settings.environment import BASE_DIR

READ = """
import json
from examgen.settings import mail
print(json.dumps([mail.EMAIL_BACKEND, mail.EMAIL_HOST, mail.EMAIL_PORT, mail.MAILBOX_URL]))
"""
BACKENDS = "django.core.mail.backends"


def read(data: Path, **environment: str) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "EXAMGEN_DATA": str(data),
            "EXAMGEN_SECRET_KEY": "tests-only-" * 5,
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[object] = json.loads(done.stdout)
    return found


def test_a_demo_writes_its_mails_to_files(tmp_path: Path) -> None:
    assert read(tmp_path, EXAMGEN_DEMO="1") == [
        f"{BACKENDS}.filebased.EmailBackend",
        *("localhost", 25, ""),
    ]


def test_a_demo_with_a_mail_catcher_sends_as_any_site_does(tmp_path: Path) -> None:
    assert read(
        tmp_path,
        EXAMGEN_DEMO="1",
        EMAIL_URL="smtp://mail:1025",
        EXAMGEN_MAILBOX_URL="http://127.0.0.1:8025",
    ) == [f"{BACKENDS}.smtp.EmailBackend", "mail", 1025, "http://127.0.0.1:8025"]
