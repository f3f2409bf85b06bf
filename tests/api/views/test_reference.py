"""The reference page: all that the schema tells, to whoever asks, and no code in it."""

from __future__ import annotations

import re

from django.test import Client

from api.views.schema import document
from tests.api.test_doors import ALL


def page() -> str:
    response = Client().get("/api/docs/")
    assert response.status_code == 200
    return response.content.decode()


def test_every_operation_and_shape_is_there_once(db: None) -> None:
    html = page()
    assert sorted(re.findall(r'id="op-(\w+)"', html)) == sorted(ALL)
    shapes = document()["components"]["schemas"]
    assert sorted(re.findall(r'id="shape-(\w+)"', html)) == sorted(shapes)


def test_every_link_on_the_page_leads_somewhere(db: None) -> None:
    html = page()
    ids = re.findall(r'id="([\w-]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([\w-]+)"', html)) - set(ids) == set()


def test_it_needs_no_script_and_nothing_from_elsewhere(db: None) -> None:
    html = page()
    assert "<script" not in html
    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []
