"""A mail server, and a site that finds nobody away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from notifications.services import transport
from tests.servers.smtp import Sink


@pytest.fixture(autouse=True)
def _nobody_was_away(settings) -> Iterator[None]:
    transport.pause.end()
    # What is tried again is tried when a test says so: `running.run_later()`.
    settings.MAIL_RETRY = timedelta(hours=1)
    yield
    transport.pause.end()


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server that the site sends by."""
    sink = Sink()
    sink.start()
    use(settings, sink)
    yield sink
    sink.stop()


def use(settings, sink: Sink) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = sink.port
    settings.EMAIL_TIMEOUT = 20
