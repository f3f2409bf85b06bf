from __future__ import annotations

import pytest

from accounts.models import User
from tests.api.programs import Program


@pytest.fixture
def teacher(educator: User) -> Program:
    return Program(educator)


@pytest.fixture
def taker(student: User) -> Program:
    return Program(student)
