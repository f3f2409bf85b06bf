"""Running a command in an environment of its own, as an operator does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from examgen.settings.environment import BASE_DIR


def surroundings(home: Path, **variables: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "EXAMGEN_DATA": str(home / "data"),
        **variables,
    }


def run(home: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *variables.pop("arguments", "check").split()],
        cwd=BASE_DIR,
        env=surroundings(home, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


MANAGE = "import runpy; runpy.run_path('manage.py', run_name='__main__')"
START = "import runpy; runpy.run_module('examgen.start', run_name='__main__')"
