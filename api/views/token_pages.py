"""One's own tokens, on a page: made, looked at, revoked."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from api.forms import TokenForm
from api.models import Token
from api.services import tokens as services
from api.services.tokens import Made, TokenRefusedError
from api.wording import PROBLEMS
from examgen.jobs.clock import now

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest

PER_PAGE = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: UserRequest) -> HttpResponse:
    """List one's tokens; a POST makes one, whose secret the answer alone shows.

    It leads nowhere else: whatever carried the secret there would have to keep it.
    """
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and (made := _make(request, form)):
        return _page(request, TokenForm(user=request.user), made)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: UserRequest, token_id: uuid.UUID) -> HttpResponse:
    """Ask, then let a token open nothing any more."""
    token = get_object_or_404(Token.objects.for_user(request.user), id=token_id)
    if request.method == "POST":
        services.revoke_token(token=token, actor=request.user)
        said = _("The token “%(name)s” is revoked.") % {"name": token.name}
        messages.success(request, said)
        return redirect("tokens")
    return render(request, "api/token_revoke.html", {"token": token})


@require_http_methods(["GET", "HEAD", "POST"])
def tokens_revoke(request: UserRequest) -> HttpResponse:
    """Ask, then let no token open anything any more."""
    if request.method == "POST":
        number = services.revoke_all(user=request.user)
        said = ngettext(
            "%(number)d token is revoked.", "%(number)d tokens are revoked.", number
        )
        messages.success(request, said % {"number": number})
        return redirect("tokens")
    usable = Token.objects.for_user(request.user).usable(now()).count()
    return render(request, "api/tokens_revoke.html", {"usable": usable})


def _make(request: UserRequest, form: TokenForm) -> Made | None:
    try:
        return services.make_token(
            user=request.user,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            lasts=form.lasts,
        )
    except TokenRefusedError as error:
        form.add_error(None, str(PROBLEMS[error.code]))
        return None


def _page(
    request: UserRequest, form: TokenForm, made: Made | None = None
) -> HttpResponse:
    own = Token.objects.for_user(request.user)
    at = now()
    context = {
        "form": form,
        "made": made,
        "at": at,
        "page": Paginator(own, PER_PAGE).get_page(request.GET.get("page")),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "api/tokens.html", context, status=status)
