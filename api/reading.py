"""Reading bodies, with bounds, and never asking back what somebody would like to get."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from rest_framework import exceptions, negotiation, parsers

from api.problems import Refusal

MOST_BYTES = 1024 * 1024


class JsonParser(parsers.JSONParser):
    """JSON of at most one MiB: what is larger need not even be read."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise Refusal("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError from error


class AlwaysJson(negotiation.BaseContentNegotiation):
    """JSON, whatever is asked for: pictures and documents say what they are."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return negotiation.DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        del request, format_suffix
        return renderers[0], renderers[0].media_type
