"""Oneself, and one's tokens."""

from __future__ import annotations

import uuid
from datetime import timedelta
from http import HTTPStatus

from rest_framework.response import Response

from accounts.forms import PreferencesForm
from accounts.models import User
from accounts.services.people import set_preferences
from api.models import Token
from api.operations import SEEN, listing, operation
from api.paging import paged
from api.problems import Refusal, not_valid
from api.requests import ApiRequest
from api.serializers.filters import TokenFilter
from api.serializers.people import (
    MeChange,
    MeShape,
    TokenMade,
    TokenShape,
    TokenWish,
)
from api.services import tokens
from api.views.base import ApiView
from api.views.rows import asked, hold, one, read
from api.views.seen import as_seen, hold_oneself
from examgen.jobs.clock import now
from notifications.services.inbox import unread_count


class Me(ApiView):
    """Whoever asks."""

    scope = "me"

    @operation("me", returns=MeShape)
    def get(self, request: ApiRequest) -> Response:
        """Tell who asks."""
        return _me(request.user)

    def hold(self, request: ApiRequest) -> None:
        hold_oneself(request)

    @operation(
        "me_change",
        sends=MeChange,
        returns=MeShape,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def patch(self, request: ApiRequest) -> Response:
        """Change what is given; the rest stays."""
        user = request.user
        current = {
            "name": user.name,
            "theme": user.theme,
            "time_zone": user.time_zone,
        }
        # The form is bound to a copy: what it refuses must not stand in the answer.
        form = PreferencesForm(current | read(MeChange, request), instance=_copy(user))
        if not form.is_valid():
            raise not_valid(form)
        set_preferences(user=user, **form.cleaned_data)
        return _me(user)


class Tokens(ApiView):
    """One's tokens."""

    scope = "tokens"

    @listing("tokens", TokenShape, parameters=[TokenFilter])
    def get(self, request: ApiRequest) -> Response:
        """List one's tokens, also those that open nothing any more."""
        rows = Token.objects.for_user(request.user)
        match asked(TokenFilter, request).get("usable"):
            case True:
                rows = rows.usable(now())
            case False:
                rows = rows.exclude(pk__in=rows.usable(now()))
        return paged(request, rows, TokenShape, "-created_at", "-id")

    @operation(
        "token_make", sends=TokenWish, returns=TokenMade, status=HTTPStatus.CREATED
    )
    def post(self, request: ApiRequest) -> Response:
        """Make a token; it is told here and nowhere else.

        A token can make another one that may do no more and lives no longer.
        """
        wish = read(TokenWish, request)
        try:
            made = tokens.make_token(
                user=request.user,
                name=wish["name"],
                scopes=wish["scopes"],
                lasts=timedelta(days=wish["days"]),
                by=request.auth,
            )
        except tokens.TokenRefusedError as error:
            raise Refusal(error.code, HTTPStatus.UNPROCESSABLE_ENTITY) from error
        told = {**TokenShape(made.token).data, "token": made.secret}
        return Response(told, status=HTTPStatus.CREATED)

    def hold(self, request: ApiRequest) -> None:
        hold_oneself(request)

    @operation(
        "tokens_revoke",
        status=HTTPStatus.NO_CONTENT,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def delete(self, request: ApiRequest) -> Response:
        """Revoke all tokens, that which asks included."""
        tokens.revoke_all(user=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class OneToken(ApiView):
    """One of one's tokens."""

    scope = "tokens"

    @operation("token", returns=TokenShape)
    def get(self, request: ApiRequest, token_id: uuid.UUID) -> Response:
        """Look at a token."""
        token = one(Token.objects.for_user(request.user), id=token_id)
        return Response(TokenShape(token).data)

    def hold(self, request: ApiRequest, token_id: uuid.UUID) -> None:
        hold(Token.objects.for_user(request.user), id=token_id)

    @operation(
        "token_revoke",
        status=HTTPStatus.NO_CONTENT,
        also=[HTTPStatus.CONFLICT],
        parameters=[SEEN],
    )
    @as_seen
    def delete(self, request: ApiRequest, token_id: uuid.UUID) -> Response:
        """Revoke a token: it opens nothing any more, and stays in the list."""
        token = one(Token.objects.for_user(request.user), id=token_id)
        tokens.revoke_token(token=token, actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


def _me(user: User) -> Response:
    return Response({**MeShape(user).data, "unread": unread_count(user)})


def _copy(user: User) -> User:
    return User(**{field.attname: getattr(user, field.attname) for field in FIELDS})


FIELDS = User._meta.concrete_fields  # noqa: SLF001 - Django's public way to them
