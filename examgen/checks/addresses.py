"""Where the site is: its address, the hosts that it answers, what stands before it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.http.request import validate_host

from examgen.checks.exposure import is_public
from examgen.settings.addresses import NoPlaceError, place


@register
def check_hosts(**_: Any) -> list[CheckMessage]:
    """What is no host name is compared with every request in vain."""
    wrong = [host for host in settings.ALLOWED_HOSTS if not _is_host(host)]
    if not wrong:
        return []
    return [
        Error(
            f"EXAMGEN_HOSTS has what is no host name: {', '.join(wrong)}.",
            hint="Write names alone, without https://, port or path: exams.example.org.",
            id="examgen.E031",
        )
    ]


def _is_host(text: str) -> bool:
    if text == "*":
        return True
    if text == "::1":
        return True
    try:
        host, port = place(text.removeprefix("."))
    except NoPlaceError:
        return False
    return bool(host) and port is None


@register
def check_own_host(**_: Any) -> list[CheckMessage]:
    """Links in mails lead to the address, and a host that is not ours answers 400."""
    parts = urlsplit(settings.SITE_URL)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    if validate_host(host.lower(), settings.ALLOWED_HOSTS):
        return []
    return [
        checks.Warning(
            f"EXAMGEN_URL leads to {host}, which EXAMGEN_HOSTS does not name: every "
            "page there is refused.",
            hint=f"Add {host} to EXAMGEN_HOSTS, unless the proxy asks by another name.",
            id="examgen.W002",
        )
    ]


@register(deploy=True)
def check_any_host(**_: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        checks.Warning(
            "EXAMGEN_HOSTS has *: the site answers by whatever name it is called.",
            hint="Name the hosts: exams.example.org.",
            id="examgen.W003",
        )
    ]


@register(deploy=True)
def check_tls(**_: Any) -> list[CheckMessage]:
    if settings.SITE_URL.startswith("https://") or not is_public():
        return []
    return [
        checks.Warning(
            "The site is served without TLS: sign-in can be read on the network.",
            hint="Put it behind TLS and set EXAMGEN_URL to its https:// address.",
            id="examgen.W001",
        )
    ]


@register(deploy=True)
def check_proxy(**_: Any) -> list[CheckMessage]:
    """The web server speaks no TLS: without a proxy each page leads to itself."""
    if not settings.SITE_URL.startswith("https://") or settings.BEHIND_PROXY:
        return []
    return [
        checks.Warning(
            "EXAMGEN_URL is https://, and no proxy is trusted to end TLS: pages redirect "
            "to themselves for ever.",
            hint="Put a proxy in front that sets X-Forwarded-Proto, and set "
            "EXAMGEN_BEHIND_PROXY to 1.",
            id="examgen.W004",
        )
    ]
