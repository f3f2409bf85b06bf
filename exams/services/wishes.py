"""What an educator asks of an exam, as kept in `Exam.settings`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from exams.content import Kind
from exams.generation import load_engine
from exams.generation.interface import DEFAULT_KINDS, Blueprint, Engine

# The kinds that the engines of this release write.
GENERATED_KINDS = DEFAULT_KINDS


@dataclass(frozen=True, slots=True)
class Wish:
    """`questions` in all, from `kinds` (empty: the engine's own mixture)."""

    questions: int = 12
    kinds: tuple[str, ...] = ()
    options: int = 4
    seed: int = 1
    engine: str = ""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Wish:
        return cls(**{**data, "kinds": tuple(data.get("kinds", ()))})

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "kinds": list(self.kinds)}

    @property
    def engine_name(self) -> str:
        return self.engine or settings.DEFAULT_ENGINE

    def load_engine(self) -> Engine:
        """The engine as the site has set it up; raises EngineError."""
        options = settings.ENGINE_OPTIONS.get(self.engine_name, {})
        return load_engine(settings.ENGINES[self.engine_name], **options)

    def blueprint(self) -> Blueprint:
        return Blueprint(
            questions=self.questions,
            kinds=tuple(Kind(kind) for kind in self.kinds) or GENERATED_KINDS,
            options=self.options,
            seed=self.seed,
        )
