"""Engines by dotted path, so that settings name them and only a worker imports them."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from exams.generation.interface import Engine


class EngineError(Exception):
    """An engine that cannot be loaded: the path is wrong or its extra is missing."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


def load_engine(dotted_path: str, **options: str) -> Engine:
    """Make the engine named by `package.module.ClassOrFactory` with its options.

    Raises EngineError `engine_unknown` for a wrong path, `engine_unavailable` when
    the module exists but something it needs is not installed.
    """
    module_name, _, attribute = dotted_path.rpartition(".")
    if not module_name:
        raise EngineError("engine_unknown", path=dotted_path)
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        own = module_name == missing or module_name.startswith(f"{missing}.")
        code = "engine_unknown" if own else "engine_unavailable"
        raise EngineError(code, path=dotted_path, missing=missing) from error
    factory = getattr(module, attribute, None)
    if not callable(factory):
        raise EngineError("engine_unknown", path=dotted_path)
    return cast("Engine", factory(**options))
