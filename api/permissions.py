"""Who may come in: people, within the scopes of their token, and educators alone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from rest_framework import permissions
from rest_framework.request import Request

from api.models import Token
from api.problems import Refusal
from api.scopes import allows, scope_of


class Person(permissions.IsAuthenticated):
    """Somebody, whose token has the scope of the view for this method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if isinstance(request.auth, Token):
            safe = request.method in permissions.SAFE_METHODS
            wanted = scope_of(view.scope, safe=safe)
            if not allows(request.auth.scopes, wanted):
                forbidden = HTTPStatus.FORBIDDEN
                raise Refusal("scope_missing", forbidden, scope=wanted)
        return True


class Educator(Person):
    """Somebody who may make exams, as `educators_only` says it for pages."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if not getattr(request.user, "is_educator", False):
            raise Refusal("educators_only", HTTPStatus.FORBIDDEN)
        return True
