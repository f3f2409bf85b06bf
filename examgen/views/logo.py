"""The site's logo, by the hash of its bytes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from examgen import logo as logos


@login_not_required
@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:  # noqa: ARG001
    found = logos.current()
    if found is None or found.digest != digest:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(found.content, content_type=found.media_type, headers=headers)
