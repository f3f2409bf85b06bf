"""Build the image, start the composed site, run the story, take everything down.

Without an engine it fails, unless EXAMGEN_CONTAINERS=absent says that none is expected.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.containers import images
from tests.containers.engine import NoEngineError, engine
from tests.containers.stack import stack
from tests.containers.steps import complain

STORY = Path(__file__).with_name("story.py")


def main(arguments: list[str]) -> int:
    try:
        with engine() as own:
            images.build(own)
            with stack(own) as running:
                story = [sys.executable, "-m", "pytest", str(STORY), *arguments]
                told = running.told()
                return subprocess.run(story, env=told, check=False).returncode
    except NoEngineError as error:
        return _without(error)


def _without(error: NoEngineError) -> int:
    complain("CONTAINERS WERE NOT TESTED.", f"Reason: {error}")
    if os.environ.get("EXAMGEN_CONTAINERS") == "absent":
        print("EXAMGEN_CONTAINERS=absent says that this is expected.")
        return 0
    print("Where that is expected, set EXAMGEN_CONTAINERS=absent.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
