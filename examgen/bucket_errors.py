"""What an S3 server or the way to it says, as the errors of a disk, with the cure."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as boto

from examgen.breaker import Breaker
from examgen.store import StoreAwayError

# Nobody answered: asking again at once would only wait again.
_SILENCE = (boto.HTTPClientError, boto.ConnectionError)
_FULL = {
    "InsufficientStorage",
    "QuotaExceeded",
    "XMinioAdminBucketQuotaExceeded",
    "XMinioStorageFull",
}
_CURES = {
    "NoSuchBucket": "there is no such bucket: create it, or correct S3_BUCKET",
    "InvalidAccessKeyId": "the key is unknown: correct S3_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": "the secret is wrong: correct S3_SECRET_ACCESS_KEY",
    "AccessDenied": "the key may not do this: let it list, read, write and delete",
    "AuthorizationHeaderMalformed": "the region is another: correct S3_REGION",
    "PermanentRedirect": "the region is another: correct S3_REGION",
    "RequestTimeTooSkewed": "the clocks differ: set the time of both machines",
}
# Answers to HEAD have no body, so the status is all there is.
_BY_STATUS = {
    301: "PermanentRedirect",
    403: "AccessDenied",
    404: "NoSuchKey",
    507: "InsufficientStorage",
}


@contextmanager
def translated(where: str, name: str, breaker: Breaker | None) -> Iterator[None]:
    """Let only OSErrors out of what asks the server at `where` about `name`."""
    if breaker and not breaker.admits():
        raise StoreAwayError(f"{where}: no answer a moment ago")
    try:
        yield
    except _SILENCE as error:
        if breaker:
            breaker.silent()
        raise StoreAwayError(
            f"{where}: no answer ({type(error).__name__}): start the server, or "
            "correct S3_ENDPOINT_URL"
        ) from error
    except boto.NoCredentialsError as error:
        raise StoreAwayError(
            f"{where}: no key: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY"
        ) from error
    except boto.ClientError as error:
        _hear(breaker)
        raise _meaning(where, name, error) from error
    except boto.BotoCoreError as error:
        raise StoreAwayError(f"{where}: {error}") from error
    _hear(breaker)


def code_of(error: boto.ClientError) -> str:
    """The server's word for what is wrong."""
    said: str = error.response.get("Error", {}).get("Code", "")
    return _BY_STATUS.get(int(said), said) if said.isdecimal() else said


def _meaning(where: str, name: str, error: boto.ClientError) -> OSError:
    code = code_of(error)
    if code == "NoSuchKey":
        return FileNotFoundError(errno.ENOENT, "no such object", name)
    if code == "PreconditionFailed":
        return FileExistsError(errno.EEXIST, "the name is taken", name)
    if code in _FULL:
        return OSError(errno.ENOSPC, f"{where} is full", name)
    return refusal(where, code)


def refusal(where: str, code: str) -> StoreAwayError:
    """Say what the operator can do about the server's word."""
    return StoreAwayError(f"{where}: {_CURES.get(code, code)}")


def _hear(breaker: Breaker | None) -> None:
    if breaker:
        breaker.heard()
