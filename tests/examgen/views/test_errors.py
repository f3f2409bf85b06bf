from __future__ import annotations

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.examgen.jobs.faults import failing_database


@pytest.fixture
def browser(educator: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(educator)
    return client


def page(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("address", ["/", "/lectures/?page=2", "/admin/"])
def test_without_a_database_people_are_asked_to_come_again(
    browser: Client, address: str
) -> None:
    # For as long as the request takes: the page about it asks nothing of it.
    with failing_database(OperationalError, times=1000):
        response = browser.get(address)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "Back in a moment" in page(response)
    assert f'href="{address}">Try again</a>' in page(response)
    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert browser.get(address).status_code in (200, 302)


def test_what_was_sent_in_vain_is_said_to_be(browser: Client) -> None:
    with failing_database(OperationalError, times=1000):
        response = browser.post("/settings/", {"name": "Mira", "theme": "dark"})
    assert response.status_code == 503
    assert "What you just sent may not be saved" in page(response)
    assert "Try again</a>" not in page(response)


def test_a_program_is_told_by_a_code(browser: Client) -> None:
    with failing_database(OperationalError, times=1000):
        response = browser.get("/", headers={"Accept": "application/json"})
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response.json() == {"code": "database_away"}


def test_a_mistake_of_ours_is_another_page(browser: Client) -> None:
    with failing_database(ValueError, times=1000):
        response = browser.get("/")
    assert response.status_code == 500
    assert not response.has_header("Retry-After")
    assert "Something went wrong on our side" in page(response)
