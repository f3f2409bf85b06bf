"""The API keeps to its schema, whatever it is asked. `make fuzz` asks more."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.fuzzing import campaign, scenes
from tests.api.fuzzing.campaign import IN_SEQUENCE, ONE_BY_ONE, UNLIMITED, Found
from tests.api.fuzzing.site import Site, names

SEED = 20_261
# What is done in no scene, each with its reason; for now everything is.
NEVER_DONE: set[str] = set()

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _unlimited(settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = UNLIMITED


def assert_all_well(site: Site, found: Found) -> None:
    assert "\n\n".join(found.failures) == ""
    assert found.errors == []
    assert [status for _, status in site.answered if status >= 500] == []


def test_each_operation_keeps_to_its_schema() -> None:
    site = Site(restored=True)
    made = scenes.made()
    found = campaign.run(site, made, phases=ONE_BY_ONE, examples=8, seed=SEED)
    assert_all_well(site, found)
    assert site.requests >= 2750
    assert {name for name, _ in site.answered} >= names()
    assert site.never_done() == NEVER_DONE


def test_operations_that_follow_each_other_keep_to_their_schema() -> None:
    site = Site(restored=False)
    made = scenes.made()
    # What was done changes what comes next, so a round ends when it cannot be repeated.
    for seed in range(SEED, SEED + 4):
        found = campaign.run(site, made, phases=IN_SEQUENCE, examples=60, seed=seed)
        assert_all_well(site, found)
    assert site.requests >= 250  # with those above 3,000
