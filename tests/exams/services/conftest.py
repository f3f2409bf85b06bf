"""Fixtures of other tests that these need as well."""

from __future__ import annotations

from tests.examgen.conftest import shared_database

__all__ = ["shared_database"]
