"""The way in: where a visitor was going, and what they bring with them.

Whoever must sign in first carries the page they wanted as `next`. On the way they may
sign up instead, mistype a code, let it run out, cancel, set a new password or come back
from another house; a signed cookie keeps the page meanwhile, and the newest wish wins.
A page that is an invitation vouches for the address that it was mailed to.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Invitation, User
from accounts.services.guesses import Guesser
from accounts.services.invitations import invitation_of
from examgen.jobs.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

COOKIE = "examgen-next"
CODE_PAGE = "account_email_verification_sent"
_PAGES = ("account_login", "account_signup")
_FOR_STUDENTS = ("/join/", "/take/", "/invitations/")
_SECONDS = 3600
_LONGEST = 1000


def asked(request: HttpRequest) -> str | None:
    """The page that this very request names, if it is one of ours."""
    url = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME)
    ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if url and ours else None


def wanted(request: HttpRequest) -> str | None:
    """The page that this visitor wants: as named now, else as remembered."""
    return asked(request) or _remembered(request)


def keep(request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember the wish of a visitor, or forget it once they are signed in."""
    match = request.resolver_match
    page = match.url_name if match else None
    remembered = COOKIE in request.COOKIES
    if not remembered and page not in _PAGES:
        return
    if request.user.is_authenticated:
        if remembered:
            response.delete_cookie(COOKIE)
    elif page in _PAGES and (url := asked(request)) and len(url) <= _LONGEST:
        response.set_signed_cookie(
            COOKIE,
            url,
            max_age=_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def for_students(request: HttpRequest) -> bool:
    """Whether they come to take something, so that roles need not be asked about."""
    return (wanted(request) or "").startswith(_FOR_STUDENTS)


def invitation(request: HttpRequest) -> Invitation | None:
    """The invitation that the visitor brings, if it can still be accepted."""
    try:
        match = resolve(urlsplit(wanted(request) or "").path)
    except Resolver404:
        return None
    if match.url_name != "invitation":
        return None
    found = invitation_of(match.kwargs["token"])
    if found is None or found.accepted_at is not None or found.expired(now()):
        return None
    return found


def vouches_for(request: HttpRequest, email: str) -> bool:
    """Whether what they bring shows that the address is theirs."""
    brought = invitation(request)
    return brought is not None and brought.email == email.lower()


def confirm(user: User, email: str) -> bool:
    """Take an address of theirs for verified; False when it is none."""
    address = EmailAddress.objects.filter(user=user, email=email).first()
    return address is not None and address.set_verified()


def resume(request: HttpRequest, brought: Invitation) -> None:
    """Sign in who waits for the code of the very address that was invited."""
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    user = stage.login.user if stage else None
    if user is not None and confirm(user, brought.email):
        stage.exit()


def has_account(email: str) -> bool:
    """Only for those who have shown that the address is theirs."""
    return User.objects.filter(email=email).exists()


def guesser(request: HttpRequest) -> Guesser:
    """Who is typing a code, as wrong ones are counted."""
    person = request.user.pk if request.user.is_authenticated else None
    return Guesser(address=get_ip(request), person=person)


def _remembered(request: HttpRequest) -> str | None:
    url: str | None = request.get_signed_cookie(COOKIE, default=None, max_age=_SECONDS)
    return url


def code_ran_out(request: HttpRequest) -> bool:
    """Whether the code that this visitor waited for is no longer good."""
    state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
    good_for = app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT
    # Allauth's own clock: it decides by it.
    return state is not None and time.time() - state["at"] > good_for
