from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from api.models import Token
from tests.api.programs import token
from tests.factories import people

pytestmark = pytest.mark.django_db


def test_an_admin_sees_whose_tokens_there_are_and_revokes_them(student: User) -> None:
    secret = token(student)
    row = Token.objects.get()
    browser = Client()
    browser.force_login(people.admin())
    page = reverse("admin:api_token_changelist")
    shown = browser.get(page).content.decode()
    assert student.email in shown
    assert secret not in shown
    assert row.digest not in browser.get(f"{page}{row.pk}/change/").content.decode()
    browser.post(page, {"action": "revoke", "_selected_action": [str(row.pk)]})
    row.refresh_from_db()
    assert row.revoked_at is not None
