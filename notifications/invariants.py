"""What must always hold for subscriptions and deliveries. Each function names the broken rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from examgen.jobs.invariants import Violation

INVARIANTS: tuple[Callable[[], Iterator[Violation]], ...] = ()
