from __future__ import annotations

import pytest

from accounts.models import User
from examgen.jobs.events import record
from notifications.models import Delivery
from notifications.services import inbox
from notifications.states import Channel
from tests.factories import exams
from tests.notifications.running import run_jobs

pytestmark = pytest.mark.django_db


def told(educator: User, number: int = 1, title: str = "Plant cells") -> None:
    for _ in range(number):
        record("exam.ready", exams.exam(educator, title=title))
    run_jobs()


def on_site(educator: User) -> list[Delivery]:
    return list(Delivery.objects.for_user(educator).on_site())


def test_a_line_says_what_the_mails_subject_says(educator: User) -> None:
    told(educator)
    (line,) = inbox.lines(on_site(educator))
    assert (line.text, line.icon) == ("Ready to review: Plant cells", "edit")


def test_lines_take_no_query_however_many_they_are(
    educator: User, django_assert_num_queries
) -> None:
    told(educator, number=3)
    rows = on_site(educator)
    with django_assert_num_queries(0):
        assert len(inbox.lines(rows)) == 3


def test_a_title_stays_text(educator: User) -> None:
    told(educator, title="<b>A & B</b>")
    (line,) = inbox.lines(on_site(educator))
    assert line.text == "Ready to review: <b>A & B</b>"


def test_what_this_release_does_not_know_is_left_out(educator: User) -> None:
    told(educator)
    Delivery.objects.update(message="horoscope")
    (row,) = on_site(educator)
    assert inbox.lines([row]) == []
    assert inbox.open_delivery(delivery=row) == "/"


def test_the_count_is_one_query_over_what_is_unread(
    educator: User, colleague: User, django_assert_num_queries
) -> None:
    told(educator, number=3)
    told(colleague)
    with django_assert_num_queries(1):
        assert inbox.unread_count(educator) == 3
    (first, *_) = on_site(educator)
    assert inbox.open_delivery(delivery=first) == f"/exams/{first.subject_id}/review/"
    assert inbox.unread_count(educator) == 2
    assert inbox.read_all(person=educator) == 2
    assert inbox.unread_count(educator) == 0
    assert inbox.unread_count(colleague) == 1


def test_what_was_read_keeps_its_first_time(educator: User) -> None:
    told(educator)
    (row,) = on_site(educator)
    inbox.open_delivery(delivery=row)
    row.refresh_from_db()
    first = row.read_at
    assert first is not None
    inbox.open_delivery(delivery=row)
    row.refresh_from_db()
    assert row.read_at == first


def test_mails_are_no_lines(educator: User) -> None:
    told(educator)
    assert Delivery.objects.filter(channel=Channel.EMAIL).count() == 1
    assert [row.channel for row in on_site(educator)] == [Channel.SITE]
