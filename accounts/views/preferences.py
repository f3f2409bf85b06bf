"""Pages about oneself; sign-in and sign-up are allauth's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.forms import PreferencesForm
from accounts.services import people as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from examgen.typing import UserRequest


def preferences(request: UserRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        services.set_preferences(user=request.user, **form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        return redirect("preferences")
    return render(
        request,
        "accounts/preferences.html",
        {"form": form},
        status=422 if form.errors else 200,
    )
