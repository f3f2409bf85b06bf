"""The registry as coded, as wired, and as written down for operators."""

from __future__ import annotations

import re

from examgen.jobs import wiring
from examgen.settings.environment import BASE_DIR
from notifications.messages import MESSAGES, Timing, due_at_once
from notifications.services.announce import DELIVER
from notifications.services.boards import TELL_BOARD
from notifications.services.results import TELL_RESULTS
from notifications.states import Channel


def rows() -> list[list[str]]:
    """The cells of the table of messages in docs/mails.md, without backticks."""
    page = (BASE_DIR / "docs" / "mails.md").read_text("utf-8")
    table = page.split("\n## Messages\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    return [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        for line in lines
    ]


def test_the_page_lists_the_registry_row_by_row() -> None:
    written = {
        name: (tuple(events.split(", ")), choice)
        for name, events, _to, choice in rows()
    }
    assert written == {
        message.name: (message.events, "yes" if message.optional else "no")
        for message in MESSAGES.values()
    }


def test_every_event_of_a_message_is_listened_to() -> None:
    heard = {on.event for on in wiring.wiring() if on.name.startswith("notifications.")}
    wanted = {event for message in MESSAGES.values() for event in message.events}
    assert wanted <= heard


def test_jobs_that_are_added_later_name_consumers_that_are_wired() -> None:
    for name in (DELIVER, TELL_BOARD, TELL_RESULTS):
        on = wiring.consumer(name)
        assert on is not None
        assert on.queue == "fast"


def test_what_has_its_own_hour_is_not_told_at_once() -> None:
    later = {
        message.name
        for message in MESSAGES.values()
        if message.timing != Timing.AT_ONCE
    }
    assert later == {"result_released", "scoreboard_updated"}
    assert [message.name for message in due_at_once("exam.published")] == [
        "exam_opened"
    ]
    assert due_at_once("scoreboard.updated") == []


def test_names_fit_their_column_and_titles_are_short() -> None:
    for message in MESSAGES.values():
        assert re.fullmatch(r"[a-z_]{3,40}", message.name)
        assert len(str(message.title)) <= 40


def test_everything_that_may_be_chosen_goes_by_both_channels() -> None:
    for message in MESSAGES.values():
        if message.optional:
            assert message.wanted == set(Channel)
