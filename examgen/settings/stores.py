"""Where files live: lectures and exams in one private store, assets in another.

Keys are `u/<owner>/lectures/<id>/...` and `u/<owner>/exams/<id>/...` whatever the
backend, so that a person's files can be found, exported and erased by prefix.
"""

from __future__ import annotations

from typing import Any

from examgen.settings.environment import DATA_DIR, DEBUG

STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "examgen.disk.DiskStorage",
        "OPTIONS": {"location": DATA_DIR / "store", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "examgen.assets.HashedModulesStorage"
        )
    },
}
# Uploads go to temporary files, and no file takes more room than a lecture may have.
FILE_UPLOAD_HANDLERS = ["examgen.uploads.CappedUploadHandler"]
