"""What a browser may send, and what is refused as a whole."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.protocol import (
    MOST_BYTES,
    Item,
    Message,
    ProtocolError,
    read_message,
    version_of,
)


def body(**fields) -> bytes:
    return json.dumps({"protocol": 1, **fields}).encode()


def test_a_message_is_read() -> None:
    message = read_message(
        body(
            tab="k3v9",
            items=[
                {"q": "one", "v": 3, "value": ["a"], "flag": True},
                {"q": "two", "v": 1, "value": None, "at": "2026-11-30T08:01:02Z"},
            ],
            manifest={"one": 3},
            auto=True,
        )
    )
    at = datetime(2026, 11, 30, 8, 1, 2, tzinfo=UTC)
    assert message == Message(
        tab="k3v9",
        items=(
            Item("one", 3, ["a"], flagged=True),
            Item("two", 1, None, client_at=at),
        ),
        manifest={"one": 3},
        auto=True,
    )


def test_what_is_not_said_is_nothing() -> None:
    assert read_message(body()) == Message(tab="", items=(), auto=False)


REFUSED = [
    (b"", "malformed", "body"),
    (b"{", "malformed", "body"),
    (b"\xff\xfe", "malformed", "body"),
    (b"[]", "malformed", "body"),
    (b"[" * 30_000, "malformed", "body"),
    (
        b'{"protocol": 1, "items": [{"q": "a", "v": 1, "value": NaN}]}',
        "malformed",
        "body",
    ),
    (b'{"protocol": 1' + b"0" * 5000 + b"}", "malformed", "body"),
    (b"{}", "unknown_protocol", "protocol"),
    (b'{"protocol": 2}', "unknown_protocol", "protocol"),
    (b'{"protocol": "1"}', "unknown_protocol", "protocol"),
    (body(items={}), "malformed", "items"),
    (body(items=["a"]), "malformed", "items[0]"),
    (body(items=[{"q": "a", "v": 1}]), "malformed", "items[0]"),
    (body(items=[{"v": 1, "value": 1}]), "malformed", "items[0].q"),
    (body(items=[{"q": 7, "v": 1, "value": 1}]), "malformed", "items[0].q"),
    (body(items=[{"q": "x" * 61, "v": 1, "value": 1}]), "malformed", "items[0].q"),
    (body(items=[{"q": "a\x00", "v": 1, "value": 1}]), "malformed", "items[0].q"),
    (
        body(items=[{"q": "a", "v": 1, "value": 1, "flag": 1}]),
        "malformed",
        "items[0].flag",
    ),
    (body(tab=7), "malformed", "tab"),
    (body(tab="x" * 41), "malformed", "tab"),
    (body(manifest=[]), "malformed", "manifest"),
    (body(manifest={"a": -1}), "malformed", "manifest"),
    (body(manifest={"a": True}), "malformed", "manifest"),
    (body(auto=1), "malformed", "auto"),
    (b" " * (MOST_BYTES + 1), "too_large", ""),
]


@pytest.mark.parametrize(("sent", "code", "where"), REFUSED)
def test_a_message_that_cannot_be_read_is_refused_with_the_place(
    sent, code, where
) -> None:
    with pytest.raises(ProtocolError) as caught:
        read_message(sent)
    assert (caught.value.code, caught.value.where) == (code, where)


@pytest.mark.parametrize("version", [-1, 2**31, 2**70, 1.0, "1", True, None, [1]])
def test_a_version_out_of_range_is_none_and_spoils_its_item_alone(version) -> None:
    assert version_of(version) is None
    message = read_message(
        body(
            items=[
                {"q": "a", "v": version, "value": 1},
                {"q": "b", "v": 1, "value": 2},
            ]
        )
    )
    assert message.items == (Item("a", None, 1), Item("b", 1, 2))


@pytest.mark.parametrize("at", ["yesterday", 7, "2026-11-30T08:01:02", "9" * 400, {}])
def test_a_bad_time_of_the_client_is_no_time(at) -> None:
    (item,) = read_message(body(items=[{"q": "a", "v": 1, "value": 1, "at": at}])).items
    assert item.client_at is None


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(sent) -> None:
    with suppress(ProtocolError):
        assert isinstance(read_message(sent), Message)
