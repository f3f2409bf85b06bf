"""The sign-up form: allauth's, whole or not at all."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest


class SignupForm(forms.SignupForm):  # type: ignore[misc]
    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> Any:
        """Save the person with all that belongs to them.

        Of two who send one address at the same moment, as an impatient click does, the
        second is answered as if the address had been known all along.
        """
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return super().try_save(request)
            except IntegrityError:
                self.account_already_exists = True
        return super().try_save(request)
