"""The engine that is always there: patterns and statistics, no model, no network."""

from __future__ import annotations

from exams.generation.offline.engine import OfflineEngine

__all__ = ["OfflineEngine"]
