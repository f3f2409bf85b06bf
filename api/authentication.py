"""Who asks: a token in the header, or the session of somebody who is signed in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts.models import User
from api.models import Token
from api.problems import Refusal
from api.services.tokens import find_token
from examgen.jobs.clock import now

CHALLENGE = 'Bearer realm="examgen"'


class TokenAuthentication(authentication.BaseAuthentication):
    """The header `Authorization: Bearer examgen_...`."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        asked = request._request  # noqa: SLF001 - Django's own, which DRF wraps
        along = getattr(asked, "along", None)
        token = find_token(secret=secret.strip(), at=now(), along=along)
        if token is None:
            raise exceptions.AuthenticationFailed(code="bad_token")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        return CHALLENGE


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of a browser; whoever changes something shows its CSRF token."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise Refusal("csrf", HTTPStatus.FORBIDDEN) from error
