"""The tests of this app know nothing of the apps above it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from examgen.jobs import wiring


@pytest.fixture(autouse=True, scope="module")
def _only_this_app_listens() -> Iterator[None]:
    """So that jobs can be counted, whoever else wants to hear of lectures and exams."""
    consumers, periodic = wiring._read()
    own = tuple(on for on in consumers if on.name.startswith("exams."))

    def forget() -> None:
        wiring.consumers_of.cache_clear()
        wiring.consumer.cache_clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "_read", lambda: (own, periodic))
        forget()
        yield
    forget()
