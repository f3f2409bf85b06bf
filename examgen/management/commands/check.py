"""Django's check, which here asks the parts that run elsewhere as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.core.checks.registry import registry
from django.core.management.commands import check

from examgen import probes


class Command(check.Command):
    help = "Check the settings and the code; ask the store, Redis and the mail server."

    def check(  # type: ignore[override]
        self,
        *,
        tags: Any = None,
        display_num_errors: bool = False,
        fail_level: int = checks.ERROR,
        **which: Any,
    ) -> None:
        found = checks.run_checks(tags=tags, **which)
        wrong = any(each.is_serious() and not each.is_silenced() for each in found)
        # Somebody who asks for one kind of check is not asking for servers; and what is
        # known to be wrong would be said twice, the second time misleadingly.
        if not (wrong or tags):
            found += probes.asked()
        with _telling(found):
            super().check(display_num_errors=display_num_errors, fail_level=fail_level)


@contextmanager
def _telling(found: list[CheckMessage]) -> Iterator[None]:
    """Let Django print these messages, whose checks have been run."""
    registered = registry.registered_checks
    registry.registered_checks = set()
    checks.register(lambda **_: found, "told")
    try:
        yield
    finally:
        registry.registered_checks = registered
