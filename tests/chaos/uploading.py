"""An upload against the clock, in a process of its own."""

from __future__ import annotations

from time import monotonic

import pytest

from examgen.jobs import bell
from exams import samples
from exams.services.files import StoreError
from tests.factories import people
from tests.processes import uploading


def upload_quickly(*names: str) -> None:
    """Upload lectures, none of which may take a second beyond being built."""
    people.educator()
    # A web server has loaded Celery long before: it was asked whether it is ready.
    bell.current()
    for name in names:
        pdf = samples.build(name)
        began = monotonic()
        uploading.send(name, pdf)
        assert monotonic() - began < 1, "the upload waited"


def upload_in_vain(name: str, kind: str) -> None:
    """Upload a lecture that the store cannot take, and says so by this error."""
    pdf = samples.build(name)
    with pytest.raises(StoreError) as raised:
        uploading.send(name, pdf)
    assert raised.type.__name__ == kind
