"""The web server, and the static files that it gives out."""

from __future__ import annotations

from whitenoise.compress import Compressor

from examgen.settings.database import DATABASES
from examgen.settings.environment import env

SQLITE: bool = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"

# SQLite has one writer at a time, and a cache in memory is one process's own.
WEB_WORKERS: int = env.int("EXAMGEN_WEB_WORKERS", 1 if SQLITE else 2)
# A thread belongs to a request until its upload has come in.
WEB_THREADS: int = env.int("EXAMGEN_WEB_THREADS")
# Requests in flight may end within so many seconds of a stop. The supervisor, and
# whoever runs containers, should give a little more.
WEB_GRACE_SECONDS: int = env.int("EXAMGEN_WEB_GRACE")
# A client that neither sends nor takes anything for so many seconds has gone.
WEB_SILENCE_SECONDS: int = env.int("EXAMGEN_WEB_SILENCE")

# Pages name hashed files alone, and source maps are for developers. Measured:
# collecting takes 0.9 instead of 2.2 CPU seconds, 11 instead of 23 MB, and a web
# process has half as many files to look at when it starts.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
