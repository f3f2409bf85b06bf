"""The file of settings: changed line by line, so that what people wrote there stays."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

_LINE = re.compile(r"\A(?:export )?([A-Za-z_0-9]+)=")
# Needs no quotes, whoever reads it: django-environ, a shell or docker compose.
_PLAIN = re.compile(r"[A-Za-z0-9_@%+:,./\[\]-]*")


def line(name: str, value: str) -> str:
    """Return the line that is read as exactly this value."""
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    # django-environ takes quotes off twice where both kinds stand around a value.
    if "'" not in value and not value.startswith('"'):
        return f"{name}='{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


def write(path: Path, values: Mapping[str, str]) -> bool:
    """Give the file these values; whether that changed anything.

    A line of the same name is replaced where it stands, others are added at the end. The
    file appears whole or not at all. A new one is readable by its account alone, since it
    may hold passwords; one that was there stays its account's and its group's, so that
    the site can still read what root has written. Raises OSError.
    """
    path = path.resolve()
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = dict(values)
    lines = []
    for old in before.splitlines():
        found = _LINE.match(old)
        name = found[1] if found else ""
        if name not in values:
            lines.append(old)
        elif name in missing:
            lines.append(line(name, missing.pop(name)))
    lines += [line(name, value) for name, value in missing.items()]
    after = "".join(f"{each}\n" for each in lines)
    if after == before:
        return False
    # A temporary file is readable by this account alone.
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, encoding="utf-8", delete=False
    ) as draft:
        try:
            draft.write(after)
            draft.flush()
            if path.exists():
                there = path.stat()
                os.fchown(draft.fileno(), there.st_uid, there.st_gid)
                os.fchmod(draft.fileno(), there.st_mode & 0o640)
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return True
