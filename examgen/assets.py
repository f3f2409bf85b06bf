"""Static files with a hash in their name, so that browsers keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also rewrites imports between ES modules, which would else miss their hashes."""

    support_js_module_import_aggregation = True
