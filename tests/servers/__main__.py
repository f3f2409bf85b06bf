"""`python -m tests.servers COMMAND ...`: run a command on a private PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.postgres import Postgres


def main(command: list[str]) -> int:
    """Run it with `DATABASE_URL` set and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="examgen-servers-") as folder:
        postgres = Postgres(Path(folder) / "postgres")
        postgres.start()
        try:
            environment = os.environ | {"DATABASE_URL": postgres.url}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            postgres.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
