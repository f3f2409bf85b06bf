"""Workers that are killed while they send: every mail arrives, and once.

There is one moment of which nobody can know, between the server's "250" and the
worker's commit. The mail server of these tests kills the worker in just that moment.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

import pytest

from tests.examgen.waiting import wait_for
from tests.processes.oracle import assert_sound
from tests.processes.site import Process, Site
from tests.servers.smtp import Sink

STUDENTS = 30


@pytest.fixture
def mailing_site(empty_site: Site, sink: Sink) -> Site:
    """A site that is about to tell thirty students of an exam."""
    empty_site.extra = {"EMAIL_URL": sink.url, "EXAMGEN_MAIL_RETRY": "0.2"}
    empty_site.call("tests.processes.mailing", "publish", str(STUDENTS))
    return empty_site


class Killer:
    """Kills the worker when the server is at certain mails, and starts another."""

    def __init__(self, site: Site, at: set[int]) -> None:
        self.site = site
        self.at = at
        self.mails = 0
        self.killed: list[str] = []
        self.worker = site.start_worker("fast")

    def __call__(self, address: str) -> None:
        self.mails += 1
        if self.mails in self.at:
            self.killed.append(address)
            os.kill(self.worker.pid, signal.SIGKILL)

    def replace_dead(self) -> Process:
        if self.worker.popen.poll() is not None:
            self.worker = self.site.start_worker("fast")
        return self.worker


def mails(site: Site) -> list[dict[str, object]]:
    return site.rows(
        "SELECT * FROM notifications_delivery WHERE channel = 'email' "
        "AND message = 'exam_opened'"
    )


def states(site: Site) -> Counter[str]:
    return Counter(str(row["state"]) for row in mails(site))


def finish(site: Site, killer: Killer) -> None:
    """Let workers work until no mail waits, starting one for each that was killed."""

    def done() -> bool:
        killer.replace_dead()
        found = states(site)
        return sum(found.values()) == STUDENTS and "waiting" not in found

    wait_for(done, "every mail at its end", every=0.1, seconds=180)
    killer.replace_dead().stop()


def test_workers_killed_before_the_server_has_the_mail_send_each_mail_once(
    mailing_site: Site, sink: Sink
) -> None:
    killer = Killer(mailing_site, at={1, 9, 10, 20})
    sink.on_recipient = killer
    finish(mailing_site, killer)
    assert len(killer.killed) == 4
    assert states(mailing_site) == {"sent": STUDENTS}
    assert Counter(one.id for one in sink.received) == Counter(
        str(row["message_id"]) for row in mails(mailing_site)
    )
    assert_sound(mailing_site)


def test_a_mail_taken_in_the_moment_of_the_kill_comes_again_under_its_id(
    mailing_site: Site, sink: Sink
) -> None:
    killer = Killer(mailing_site, at={1, 9, 20})
    sink.on_taken = killer
    finish(mailing_site, killer)
    assert states(mailing_site) == {"sent": STUDENTS}
    times = Counter(one.id for one in sink.received)
    assert set(times) == {str(row["message_id"]) for row in mails(mailing_site)}
    # Only those, only once more, and it is counted.
    again = {one.id for one in sink.received if one.to in killer.killed}
    assert len(again) == 3
    assert {one for one, number in times.items() if number == 2} == again
    assert sum(times.values()) == STUDENTS + 3
    repeated = {str(r["message_id"]) for r in mails(mailing_site) if r["repeats"] == 1}
    assert repeated == again
    assert_sound(mailing_site)


def test_with_hold_such_a_mail_is_never_sent_twice(
    mailing_site: Site, sink: Sink
) -> None:
    mailing_site.extra["EXAMGEN_MAIL_AFTER_CRASH"] = "hold"
    killer = Killer(mailing_site, at={1, 9, 20})
    sink.on_taken = killer
    finish(mailing_site, killer)
    assert states(mailing_site) == {"sent": STUDENTS - 3, "failed": 3}
    assert Counter(one.to for one in sink.received) == Counter(
        f"s{number:02}@example.org" for number in range(STUDENTS)
    )
    held = {
        str(row["message_id"]) for row in mails(mailing_site) if row["reason"] == "held"
    }
    assert held == {one.id for one in sink.received if one.to in killer.killed}
    assert_sound(mailing_site)


def test_a_mail_server_that_comes_and_goes_gets_every_mail_once(
    mailing_site: Site, sink: Sink
) -> None:
    sink.stop()
    worker = mailing_site.start_worker("fast")
    wait_for(
        lambda: any(
            row["reason"] == "connection_refused" for row in mails(mailing_site)
        ),
        "a mail that was tried",
        every=0.05,
    )
    sink.start()
    wait_for(
        lambda: states(mailing_site) == {"sent": STUDENTS},
        "every mail sent",
        every=0.1,
        seconds=180,
    )
    worker.stop()
    assert Counter(one.to for one in sink.received) == Counter(
        f"s{number:02}@example.org" for number in range(STUDENTS)
    )
    assert_sound(mailing_site)


def test_two_workers_share_the_mails_and_double_none(
    mailing_site: Site, sink: Sink
) -> None:
    workers = [mailing_site.start_worker("fast") for _ in range(2)]
    wait_for(
        lambda: states(mailing_site) == {"sent": STUDENTS},
        "every mail sent",
        every=0.05,
    )
    for worker in workers:
        worker.stop()
    assert len(sink.received) == len({one.id for one in sink.received}) == STUDENTS
    assert_sound(mailing_site)
