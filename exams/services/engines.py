"""Engines by the names that exams call them by, made as the settings say."""

from __future__ import annotations

from django.conf import settings

from exams.generation import Engine, load_engine


def engine_named(name: str) -> Engine:
    """Raise EngineError as `load_engine` does; `KeyError` for a name not in settings."""
    return load_engine(settings.ENGINES[name], **settings.ENGINE_OPTIONS.get(name, {}))
