"""How lectures are read and exams generated."""

from __future__ import annotations

from datetime import timedelta

from examgen.settings.environment import env

LECTURE_MAX_BYTES: int = env.int("EXAMGEN_LECTURE_MAX_MB") * 1024 * 1024
LECTURE_MAX_PAGES: int = env.int("EXAMGEN_LECTURE_MAX_PAGES")

# The program that recognises text on pictures, none if empty.
OCR: str = env.str("EXAMGEN_OCR")
OCR_LANGUAGES: str = env.str("EXAMGEN_OCR_LANGUAGES")
OCR_MAX_PAGES = 200
# A job recognises for so long, then other jobs of its queue have their turn.
OCR_TURN_SECONDS = 30.0

# Engines by name; the modules are imported where a job runs, never in a web process.
ENGINES = {"offline": "exams.generation.offline.OfflineEngine"}
# What an engine is made with: for the offline one, what it parses English by.
ENGINE_OPTIONS = {"offline": {"english_model": env.str("EXAMGEN_ENGLISH_MODEL")}}
DEFAULT_ENGINE: str = env.str("EXAMGEN_ENGINE")

# An upload that is not in the store after this long has died on its way.
UPLOAD_PATIENCE = timedelta(hours=1)

# Pixels: small pictures of every page, large ones of the pages that questions cite.
THUMBNAIL_WIDTH = 320
PAGE_IMAGE_WIDTH = 1024
