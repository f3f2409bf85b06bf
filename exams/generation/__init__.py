"""Engines behind one interface; planning, ranking and selection around them."""

from __future__ import annotations

from exams.generation.interface import (
    Blueprint,
    BlueprintError,
    Draft,
    Engine,
    Estimate,
    Generated,
    Section,
)
from exams.generation.loading import EngineError, load_engine
from exams.generation.pipeline import generate_exam

__all__ = [
    "Blueprint",
    "BlueprintError",
    "Draft",
    "Engine",
    "EngineError",
    "Estimate",
    "Generated",
    "Section",
    "generate_exam",
    "load_engine",
]
