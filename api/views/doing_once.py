"""`Idempotency-Key`: the same request again gets the first one's answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from rest_framework.response import Response

from api.models import OnceRequest
from api.operations import VISIBLE
from api.problems import Refusal
from api.requests import ApiRequest
from api.services import once

_KEY = re.compile(VISIBLE)


def done_once(
    request: ApiRequest, do: Callable[[], Response], *, whole: bool = False
) -> Response:
    """Do it, unless this request was done before under its key.

    With `whole`, what is done and its answer are kept in one transaction.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return do()
    if not _KEY.fullmatch(key):
        raise Refusal("bad_key", HTTPStatus.BAD_REQUEST)
    try:
        begun = once.begin(
            user=request.user, key=key, fingerprint=_fingerprint(request)
        )
    except once.InProgressError as error:
        raise Refusal("key_in_progress", HTTPStatus.CONFLICT, retry_after=1) from error
    except once.KeyReusedError as error:
        raise Refusal("key_reused", HTTPStatus.UNPROCESSABLE_ENTITY) from error
    if isinstance(begun, once.Answer):
        replayed = {"Idempotency-Replayed": "true"}
        return Response(begun.body, status=begun.status, headers=replayed)
    scope: AbstractContextManager[Any] = (
        transaction.atomic() if whole else nullcontext()
    )
    try:
        with scope:
            response = do()
            _keep(begun, response, whole=whole)
    except BaseException:
        once.forget(request=begun)
        raise
    return response


def _keep(begun: OnceRequest, response: Response, *, whole: bool) -> None:
    kept = once.keep(request=begun, status=response.status_code, body=response.data)
    # Another took it over and does it: what was done here is taken back.
    if whole and not kept:
        raise Refusal("key_in_progress", HTTPStatus.CONFLICT, retry_after=1)


def _fingerprint(request: ApiRequest) -> str:
    digest = sha256(f"{request.method} {request.path}\n".encode())
    fields = getattr(request.data, "lists", None)
    if fields is None:
        digest.update(json.dumps(request.data, sort_keys=True).encode())
        return digest.hexdigest()
    for name, values in sorted(fields()):
        for value in values:
            digest.update(f"{len(name)} {name}\n".encode())
            if isinstance(value, UploadedFile):
                called = value.name or ""
                digest.update(f"{len(called)} {called} {value.size}\n".encode())
                for chunk in value.chunks():
                    digest.update(chunk)
            else:
                digest.update(f"{len(value)} {value}\n".encode())
    return digest.hexdigest()
