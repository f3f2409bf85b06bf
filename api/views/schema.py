"""The schema of the API, for programs and for people."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

# Tells the schema how tokens are sent; found by being imported. Here and not at the
# start of the site, since workers and commands need nothing of REST framework.
from api import extensions  # noqa: F401

if TYPE_CHECKING:
    from django.http import HttpRequest

_YAML = "application/vnd.oai.openapi"
_JSON = "application/vnd.oai.openapi+json"


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI as JSON; as YAML where `?format=yaml` or the Accept header says so."""
    wish = request.GET.get("format", "")
    if wish not in ("", "json", "yaml"):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    kinds = ["application/json", _JSON, "application/yaml", _YAML]
    preferred = request.get_preferred_type(kinds) or ""
    if wish == "yaml" or (not wish and preferred in (_YAML, "application/yaml")):
        return HttpResponse(as_yaml(), content_type=f"{_YAML}; charset=utf-8")
    return JsonResponse(document(), content_type=_JSON)


@cache
def document() -> dict[str, Any]:
    """The schema, made once: it only changes with the code."""
    made: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return made


@cache
def as_yaml() -> bytes:
    written: bytes = OpenApiYamlRenderer().render(document(), renderer_context={})  # type: ignore[no-untyped-call]
    return written
