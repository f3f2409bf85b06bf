"""A visitor at the door: what a browser does there, form by form."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

PASSWORD = "four quiet green leaves"
CODE_PAGE = "/accounts/confirm-email/"


class Visitor:
    """A browser that fills in forms as they stand, hidden fields included."""

    def __init__(self) -> None:
        self.client = Client()
        self.page = ""
        self.at = ""

    def goes_to(self, address: str) -> None:
        """Follow redirects as browsers do."""
        self._arrive(self.client.get(address, follow=True), address)

    def clicks(self, words: str) -> None:
        """Follow the last link with these words: those above it are the menu's."""
        links = re.findall(
            r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.page, re.DOTALL
        )
        found = [href for href, text in links if _words(text) == words]
        self.goes_to(unescape(found[-1]))

    def sends(self, button: str, **typed: str) -> None:
        """Fill in the form of this button and send it."""
        form = next(form for form in _forms(self.page) if button in form.buttons)
        address = form.action or self.at
        given = {**form.fields, **typed}
        self._arrive(self.client.post(address, given, follow=True), address)

    def signs_up(self, email: str, **more: str) -> None:
        self.sends("Sign up", email=email, password1=PASSWORD, **more)

    def signs_in(self, email: str, password: str = PASSWORD) -> None:
        self.sends("Sign in", login=email, password=password)

    def types_the_code(self, email: str) -> None:
        self.sends("Confirm", code=newest_code(email))

    @property
    def is_in(self) -> bool:
        return self.client.get(reverse("preferences")).status_code == 200

    @property
    def path(self) -> str:
        return self.at.partition("?")[0]

    def _arrive(self, response: Any, address: str) -> None:
        chain = response.redirect_chain
        self.at = chain[-1][0] if chain else address
        self.page = response.content.decode()
        self.status = response.status_code


class _Form:
    def __init__(self, head: str, body: str, whole_page: str) -> None:
        found = re.search(r'action="([^"]*)"', head)
        self.action = unescape(found[1]).strip() if found else ""
        inputs = re.findall(r"<input\b[^>]*>", body)
        named = (_attributes(tag) for tag in inputs)
        self.fields = {
            tag["name"]: unescape(tag.get("value", ""))
            for tag in named
            if "name" in tag and tag.get("type") not in ("checkbox", "submit")
        }
        own = re.search(r'\bid="([^"]+)"', head)
        self.buttons = [
            words
            for of_form, words in _buttons(whole_page if own else body)
            if (own and of_form == own[1]) or (not of_form and words in body)
        ]


def _forms(page: str) -> list[_Form]:
    found = re.findall(r"(<form\b[^>]*>)(.*?)</form>", page, re.DOTALL)
    return [_Form(head, body, page) for head, body in found]


def _buttons(html: str) -> list[tuple[str, str]]:
    """The form that each button names, if any, and its words."""
    found = re.findall(r"(<button\b[^>]*>)(.*?)</button>", html, re.DOTALL)
    return [(_attributes(tag).get("form", ""), _words(text)) for tag, text in found]


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _attributes(tag: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="([^"]*)"', tag))


def newest_code(email: str) -> str:
    """The code in the newest mail to an address; it stands alone on its line."""
    message = [message for message in mail.outbox if message.to == [email]][-1]
    (code,) = re.findall(r"^([0-9A-Z-]{4,12})$", str(message.body), re.MULTILINE)
    return str(code)


def ten_seconds_pass() -> None:
    """A code is mailed to one address every ten seconds at most: those are over."""
    cache.clear()
