"""Signed-in browsers."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def browser(educator: User) -> Client:
    return signed_in(educator)


@pytest.fixture
def stranger(colleague: User) -> Client:
    """Another educator, who owns nothing here."""
    return signed_in(colleague)


@pytest.fixture
def full_disk(settings) -> None:
    """Uploads are received on a device that is always full."""
    settings.FILE_UPLOAD_HANDLERS = ["tests.examgen.test_uploads.FullDiskHandler"]
