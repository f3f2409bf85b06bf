"""The store of a small site: files on a local disk, whole or not at all."""

from __future__ import annotations

import os
import uuid
from typing import Any

from django.core.files.storage import FileSystemStorage


class DiskStorage(FileSystemStorage):
    """Writes under a passing name first: a process that dies leaves no half object."""

    def _save(self, name: str, content: Any) -> str:
        passing = super()._save(f"{name}.{uuid.uuid4().hex}.part", content)  # type: ignore[misc]
        try:
            while True:
                try:
                    # Unlike a rename, a link never takes another object's place.
                    os.link(self.path(passing), self.path(name))
                except FileExistsError:
                    name = self.get_available_name(name)
                else:
                    return name
        finally:
            self.delete(passing)
