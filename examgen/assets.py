"""Static files with a hash in their name, so that browsers keep them for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also rewrites imports between ES modules, which would else miss their hashes."""

    support_js_module_import_aggregation = True


def collect() -> bool:
    """Collect and compress the static files, unless nothing changed since last time.

    Compressing costs seconds, and a second start is to be quick.
    """
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = _state()
    if stamp.exists() and stamp.read_text() == state:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(state)
    return True


def _state() -> str:
    """A digest of the path, size and time of every file that would be collected."""
    digest = hashlib.sha256()
    for line in sorted(_files()):
        digest.update(line.encode())
    return digest.hexdigest()


def _files() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            yield f"{path} {facts.st_size} {facts.st_mtime_ns}\n"
