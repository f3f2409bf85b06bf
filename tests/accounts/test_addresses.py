"""Addresses out of whatever people paste."""

from __future__ import annotations

import pytest

from accounts.addresses import Pasted, read


@pytest.mark.parametrize(
    "between", [" ", ",", ", ", ";", "; ", "\n", "\r\n", "\t", " | ", ",,\n", "\n\n \n"]
)
def test_any_separator_will_do(between: str) -> None:
    text = between.join(["ada@example.org", "bo@example.org", "cy@example.org"])
    assert read(text) == Pasted(
        ["ada@example.org", "bo@example.org", "cy@example.org"], [], []
    )


@pytest.mark.parametrize(
    "text",
    [
        "<ada@example.org>",
        "Ada Lovelace <Ada@Example.org>",
        "Lovelace, Ada <ada@example.org>",
        '"Lovelace, A. K." <ada@example.org>',
        "mailto:ada@example.org",
        "7,Ada,Lovelace,ada@example.org",
        "- ada@example.org",
        "(ada@example.org).",
        "“ada@example.org”",
        "\ufeffada@example.org",
        "O'Neill, Ada ada@example.org",
        "Müller-Łoś, Ąda <ada@example.org>",
    ],
)
def test_what_stands_around_an_address_is_left_out(text: str) -> None:
    assert read(text) == Pasted(["ada@example.org"], [], [])


@pytest.mark.parametrize(
    ("text", "invalid"),
    [
        ("ada@", ["ada@"]),
        ("@example.org", ["@example.org"]),
        ("ada@@example.org", ["ada@@example.org"]),
        ("ada@example", ["ada@example"]),
        ("ada.example.org", ["ada.example.org"]),
        ("ada(at)example.org", ["ada(at)example.org"]),
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("bo@example.org Ada", ["Ada"]),
        ("a\x00b@example.org", ["a\x00b@example.org"]),
        ("x" * 250 + "@example.org", ["x" * 250 + "@example.org"]),
        ("ada@ , ada@", ["ada@"]),
    ],
)
def test_what_is_no_address_is_named(text: str, invalid: list[str]) -> None:
    assert read(text).invalid == invalid


def test_addresses_come_in_their_order_in_small_letters_and_once() -> None:
    pasted = read("Bo@Example.org ada@example.org bo@example.ORG cy@example.org")
    assert pasted.valid == ["bo@example.org", "ada@example.org", "cy@example.org"]
    assert pasted.repeated == ["bo@example.org"]


def test_nothing_pasted_is_nothing_found() -> None:
    assert read(" \n,;|\t") == Pasted([], [], [])


def test_a_hundred_thousand_signs_are_read_at_once() -> None:
    text = "a." * 40_000 + "@example.org " + "<" * 10_000 + ("x@y.org;" * 1000)
    assert read(text).valid == ["x@y.org"]
