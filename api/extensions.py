"""What the schema needs to know that the code alone does not tell."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

_READ = [HTTPStatus.OK, HTTPStatus.NOT_MODIFIED]
CONDITIONAL = [
    OpenApiParameter(
        "If-None-Match",
        str,
        OpenApiParameter.HEADER,
        description="The ETag of what is known: 304 when it has not changed.",
    ),
    OpenApiParameter(
        "ETag", str, OpenApiParameter.HEADER, response=[int(status) for status in _READ]
    ),
]


class Described(AutoSchema):
    """What `api.operations` says of an operation, and what all reads have in common."""

    def get_override_parameters(self) -> list[Any]:
        own: list[Any] = super().get_override_parameters()
        return [*own, *CONDITIONAL] if self.method == "GET" else own

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self.method == "GET":
            same = HTTPStatus.NOT_MODIFIED
            headers = self._get_response_headers_for_code(str(int(same)), direction)
            bodies[str(int(same))] = {"description": same.phrase, "headers": headers}
            # As told to whoever is not let in, for another reason.
            failed = HTTPStatus.PRECONDITION_FAILED
            refused = bodies[str(int(HTTPStatus.UNAUTHORIZED))]
            bodies[str(int(failed))] = {**refused, "description": failed.phrase}
        return dict(sorted(bodies.items()))


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
