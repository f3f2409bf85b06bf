from __future__ import annotations

from notifications.states import Reason
from notifications.wording import CURES, REASONS, cure_words, reason_words


def test_every_reason_is_said_in_a_sentence() -> None:
    assert set(REASONS) == set(Reason.values)
    for reason in Reason:
        assert reason_words(reason).endswith(".")


def test_what_an_operator_can_mend_has_its_cure() -> None:
    about_the_mail = {
        Reason.UNWANTED,
        Reason.INACTIVE,
        Reason.UNCONFIRMED,
        Reason.GONE,
        Reason.LEFT,
        Reason.HIDDEN,
        Reason.OUTDATED,
        Reason.ACCEPTED,
        Reason.UNKNOWN,
        Reason.HELD,
        Reason.GAVE_UP,
        Reason.STOPPED,
    }
    assert set(CURES) == set(Reason.values) - about_the_mail
    assert all(cure_words(reason).endswith(".") for reason in CURES)


def test_what_is_not_known_says_nothing() -> None:
    assert (reason_words(""), cure_words("left")) == ("", "")
