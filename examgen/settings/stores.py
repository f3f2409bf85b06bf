"""Where files live: lectures and exams in one private store, assets in another.

Keys are `u/<owner>/lectures/<id>/...` and `u/<owner>/exams/<id>/...` whatever the
backend, so that a person's files can be found, exported and erased by prefix.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from examgen.settings.environment import DATA_DIR, DEBUG, env

# With a bucket files live there; `examgen.store_checks` looks at what is given here.
S3_BUCKET: str = env.str("S3_BUCKET")
S3_ENDPOINT_URL = env.origin("S3_ENDPOINT_URL")
S3_REGION: str = env.str("S3_REGION")
S3_ACCESS_KEY_ID: str = env.str("S3_ACCESS_KEY_ID")
S3_SECRET_ACCESS_KEY: str = env.str("S3_SECRET_ACCESS_KEY")
S3_ADDRESSING_STYLE = env.choice("S3_ADDRESSING_STYLE")
# The store as browsers reach it. Only then they are sent there, by links that live for
# a minute; else everything is streamed by the site.
S3_PUBLIC_URL = env.origin("S3_PUBLIC_URL")

_DISK: dict[str, Any] = {
    "BACKEND": "examgen.disk.DiskStorage",
    "OPTIONS": {"location": DATA_DIR / "store", "base_url": None},
}
_BUCKET: dict[str, Any] = {
    "BACKEND": "examgen.bucket.BucketStorage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": S3_ENDPOINT_URL or None,
        "region_name": S3_REGION or "us-east-1",
        # Without keys boto looks for those of the machine.
        "access_key": S3_ACCESS_KEY_ID or None,
        "secret_key": S3_SECRET_ACCESS_KEY or None,
        "security_token": None,
        "addressing_style": S3_ADDRESSING_STYLE,
        "public_url": S3_PUBLIC_URL,
        # A page must not wait again and again for a store that hangs; a worker may.
        "impatient": env.str("EXAMGEN_ROLE") == "web",
    },
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": _BUCKET if S3_BUCKET else _DISK,
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "examgen.assets.HashedModulesStorage"
        )
    },
}


def public_origins() -> list[str]:
    """Where pictures may come from besides the site itself, for the policy."""
    if not (S3_BUCKET and S3_PUBLIC_URL):
        return []
    scheme, _, host = S3_PUBLIC_URL.partition("://")
    if S3_ADDRESSING_STYLE == "virtual":
        host = f"{S3_BUCKET}.{host}"
    return [f"{scheme}://{host}"]


# An object that no row names is what dead or undone work left behind, once it is older
# than any work can last.
ORPHAN_PATIENCE = timedelta(hours=24)
# A sixteenth of the store is looked at this often, and no look takes away more.
ORPHAN_SECONDS = 900
ORPHAN_BATCH = 1000

# Uploads go to temporary files, and no file takes more room than a lecture may have.
FILE_UPLOAD_HANDLERS = ["examgen.uploads.CappedUploadHandler"]
