"""Programs that ask: with a token, or with the session of a browser."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts.models import User
from api.scopes import SCOPES
from api.services.tokens import make_token

V1 = "/api/v1/"
MONTH = timedelta(days=30)


def token(user: User, *scopes: str, **fields: Any) -> str:
    """A token's secret; with every scope, unless some are named."""
    wish = {"name": "Test", "lasts": MONTH, **fields}
    return make_token(user=user, scopes=scopes or SCOPES, **wish).secret


class Program:
    """Speaks JSON with a token, and checks CSRF as the site does."""

    def __init__(self, user: User | None = None, *scopes: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        secret = token(user, *scopes) if user else ""
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.client.get(V1 + path, data, headers=self._with(headers))

    def send(self, method: str, path: str, body: Any = None, /, **headers: str) -> Any:
        return self.client.generic(
            method.upper(),
            V1 + path,
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self._with(headers),
        )

    def post(self, path: str, body: Any = None, /, **headers: str) -> Any:
        return self.send("post", path, body, **headers)

    def patch(self, path: str, body: Any = None, /, **headers: str) -> Any:
        return self.send("patch", path, body, **headers)

    def put(self, path: str, body: Any = None, /, **headers: str) -> Any:
        return self.send("put", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("delete", path, **headers)

    def upload(self, path: str, data: Any, /, **headers: str) -> Any:
        return self.client.post(V1 + path, data, headers=self._with(headers))

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {**self.headers, **named}


def problem(response: Any) -> tuple[int, str]:
    """Status and code of a problem document, whose form is looked at as well."""
    assert response.headers["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["type"] == "about:blank"
    assert told["title"]
    assert told["status"] == response.status_code
    return response.status_code, told["code"]


def wrong_fields(response: Any) -> list[tuple[str, str]]:
    """Which fields are not as they should be, and how."""
    assert problem(response) == (422, "invalid")
    return [(item["field"], item["code"]) for item in response.json()["errors"]]
