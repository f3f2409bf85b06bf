"""Check that requirements/*.txt still answer what pyproject.toml asks for.

Offline and in a second: every dependency named there must be pinned, within its
bounds, with hashes, and no file may say where a package came from.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).parent


def problems() -> Iterator[str]:
    """Yield one sentence for each thing that is out of date."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())
    wanted = {
        "core": project["project"]["dependencies"],
        **project["dependency-groups"],
    }
    for name, requirements in wanted.items():
        text = (HERE / f"{name}.txt").read_text()
        pins = dict(_pins(text))
        # A group that includes another is a table; the other group is checked itself.
        for line in (entry for entry in requirements if isinstance(entry, str)):
            requirement = Requirement(line)
            version = pins.get(canonicalize_name(requirement.name))
            if version is None:
                yield f"{name}.txt does not pin {requirement.name}"
            elif version not in requirement.specifier:
                yield f"{name}.txt pins {requirement.name} {version}, not {line}"
        if re.search(r"://|--index|--find-links", text):
            yield f"{name}.txt names an address"
        if len(pins) > len(re.findall(r"(?m)\\\n    --hash=", text)):
            yield f"{name}.txt has a pin without a hash"


def _pins(text: str) -> Iterator[tuple[str, Version]]:
    for name, version in re.findall(r"(?m)^([\w.\[\],-]+)==([^ ;\\]+)", text):
        yield canonicalize_name(name.split("[")[0]), Version(version)


if __name__ == "__main__":
    found = list(problems())
    for problem in found:
        print(problem)
    if found:
        sys.exit("Run `make requirements` and commit the result.")
