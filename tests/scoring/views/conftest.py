"""Signed-in browsers, and what they ask for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.models import ExamVersion
from scoring.models import Attempt
from tests.factories import attempts


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def browser(student: User) -> Client:
    return signed_in(student)


@pytest.fixture
def teacher(educator: User) -> Client:
    return signed_in(educator)


@pytest.fixture
def attempt(student: User, version: ExamVersion) -> Attempt:
    return attempts.started(version, student)


def url(name: str, attempt: Attempt, *more: Any) -> str:
    return reverse(name, args=[attempt.id, *more])


def send(client: Client, address: str, body: Any, **headers: Any) -> Any:
    """Post JSON as the script of an exam page does; bytes are sent as they are."""
    raw = body if isinstance(body, bytes) else json.dumps({"protocol": 1, **body})
    return client.post(address, raw, content_type="application/json", **headers)
