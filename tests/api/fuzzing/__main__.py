"""`make fuzz`: ask the API until 20,000 requests are answered, each time differently.

    python -m tests.servers python -m tests.api.fuzzing

`FUZZ_REQUESTS` says how many; `FUZZ_SEED`, printed with each round, repeats one.
"""

from __future__ import annotations

import logging
import os
import random
import sys
from collections import Counter
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.api.fuzzing.site import Site

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "20000"))
SEED = os.environ.get("FUZZ_SEED", "")
EXAMPLES = 60


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings.test")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after setup
    from django.test import override_settings  # noqa: PLC0415

    from tests.api.fuzzing import campaign, scenes  # noqa: PLC0415
    from tests.api.fuzzing.site import Site  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    logging.disable()
    alone, together = Site(restored=True), Site(restored=False)
    wrong: list[str] = []
    with override_settings(API_REQUESTS_A_MINUTE=campaign.UNLIMITED):
        made = scenes.made()
        while alone.requests + together.requests < REQUESTS:
            seed = int(SEED) if SEED else random.getrandbits(32)
            print(f"FUZZ_SEED={seed}", flush=True)
            for site, phases in (
                (alone, campaign.ONE_BY_ONE),
                # Last in a round: what it does stays done.
                (together, campaign.IN_SEQUENCE),
            ):
                found = campaign.run(
                    site, made, phases=phases, examples=EXAMPLES, seed=seed
                )
                wrong += found.failures + found.errors
            print(f"{alone.requests + together.requests} requests, {len(wrong)} wrong")
    tell(alone, together)
    print(*wrong, sep="\n\n")
    return 1 if wrong or alone.never_done() else 0


def tell(*sites: Site) -> None:
    """Print a table: how often each operation answered what."""
    answered: Counter[tuple[str, int]] = sum((s.answered for s in sites), Counter())
    statuses = sorted({status for _, status in answered})
    print(f"{'':28}", *(f"{status:>6}" for status in statuses))
    for name in sorted({name for name, _ in answered}):
        counts = (answered[name, status] or "" for status in statuses)
        print(f"{name:28}", *(f"{times:>6}" for times in counts))
    totals = Counter[int]()
    for (_, status), times in answered.items():
        totals[status] += times
    print(f"{'all':28}", *(f"{totals[status]:>6}" for status in statuses))


if __name__ == "__main__":
    sys.exit(main())
