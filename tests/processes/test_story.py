"""The whole story of an exam, by HTTP, while workers are killed at the worst moments.

PostgreSQL, Redis, a bucket and a mail server as on a real site. A worker dies while a
draft is made, one while the clock's attempts are graded, one while the board is
written, and one with a mail in its hand.
"""

from __future__ import annotations

import json
import os
import re
import signal
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from exams import samples
from exams.models import ExamVersion
from tests.examgen.waiting import wait_for
from tests.factories.versions import right_answer
from tests.processes.databases import PostgreSQL
from tests.processes.oracle import assert_sound
from tests.processes.people import Educator, Student, path
from tests.processes.site import (
    GENERATE,
    Site,
    descendants,
    wait_until_gone,
)
from tests.processes.web import serve
from tests.servers import Nanio, Sink
from tests.servers.s3 import KEY, SECRET

WISH = {"questions": "8", "options": "4", "seed": "1"}
EDUCATOR = "mira@example.org"
INVITED = ["ada", "ben"]
BY_LINK = ["cleo", "dan", "eva"]
BOARD = "scoring.update_scoreboard"


class Crew:
    """The workers of both queues; whoever is killed is replaced."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.workers = {queue: site.start_worker(queue) for queue in ("heavy", "fast")}
        self.killed: list[str] = []

    def kill(self, queue: str, while_: str) -> None:
        """Kill a worker and its children with no word of warning."""
        worker = self.workers[queue].pid
        family = [worker, *descendants(worker)]
        for pid in family:
            os.kill(pid, signal.SIGKILL)
        wait_until_gone(family)
        self.killed.append(while_)

    def replace(self, queue: str) -> None:
        self.workers[queue] = self.site.start_worker(queue)

    def kill_in_draft(self) -> None:
        """Kill the worker of the heavy queue when questions are drafted, not stored."""
        while not self.site.kill_at(self.workers["heavy"].pid, GENERATE, "drafted"):
            self.site.give_back(GENERATE)
            self.replace("heavy")
        self.killed.append("drafting")
        self.replace("heavy")

    def stop(self) -> None:
        for worker in self.workers.values():
            worker.stop()


@contextmanager
def held(site: Site, table: str) -> Iterator[Any]:
    """Keep everybody from writing a table; yields whether somebody waits for it."""
    assert isinstance(site.database, PostgreSQL)
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = ?::regclass"
    with site.database.server.connect(site.database.name) as line, line.transaction():
        line.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE".encode())
        yield lambda: site.rows(waiting, table)


@pytest.fixture
def whole_site(empty_site: Site, nanio: Nanio, sink: Sink) -> Site:
    empty_site.settings = "tests.processes.settings"
    empty_site.extra |= {
        "EDUCATOR_SIGNUP": "open",
        "EMAIL_URL": sink.url,
        "EXAMGEN_MAIL_RETRY": "0.2",
        "S3_BUCKET": nanio.create(f"story-{uuid.uuid4().hex}"),
        "S3_ENDPOINT_URL": nanio.url,
        "S3_ACCESS_KEY_ID": KEY,
        "S3_SECRET_ACCESS_KEY": SECRET,
    }
    return empty_site


@dataclass
class Story:
    """The people of one exam, and what they do one after the other."""

    site: Site
    sink: Sink
    crew: Crew
    mira: Educator
    students: dict[str, Student]
    exam: str = ""
    code: str = ""
    attempts: dict[str, str] = field(default_factory=dict)
    right: dict[str, Any] = field(default_factory=dict)
    points: dict[str, Decimal] = field(default_factory=dict)

    @classmethod
    def begin(cls, site: Site, sink: Sink) -> Story:
        address = f"http://127.0.0.1:{serve(site).port}"
        students = {
            name: Student(address, sink, f"{name}@example.org")
            for name in INVITED + BY_LINK
        }
        return cls(site, sink, Crew(site), Educator(address, sink, EDUCATOR), students)

    def make(self) -> None:
        """An educator makes an exam and publishes it to her course."""
        site, mira = self.site, self.mira
        mira.sign_up("/accounts/signup/", wants_to_teach="on")
        course = mira.create_course("Networks")
        mira.invite(course, *(self.students[name] for name in INVITED))
        pdf = {"networks.pdf": samples.build("computer-networks")}
        answer = mira.visitor.upload("/lectures/", "lectures", pdf, **WISH)
        assert answer.status == 200
        self.crew.kill_in_draft()
        site.wait_for_exams()
        (row,) = site.rows("SELECT id FROM exams_exam")
        self.exam = str(uuid.UUID(row["id"]))
        for name in INVITED:
            self.students[name].accept_invitation()
        assert mira.accept_questions(self.exam) == 8
        self.code = mira.publish(self.exam, course)
        self.look_at_key()

    def look_at_key(self) -> None:
        """Read what was frozen out of the database, as no student could."""
        (row,) = self.site.rows("SELECT paper, key FROM exams_examversion")
        version = ExamVersion(
            paper=json.loads(row["paper"]), key=json.loads(row["key"])
        )
        for asked in version.questions:
            self.right[asked["id"]] = right_answer(version, asked["id"])
            self.points[asked["id"]] = Decimal(asked["points"])

    @property
    def half(self) -> dict[str, Any]:
        """The right answers to every other question."""
        return dict(list(self.right.items())[::2])

    def take(self) -> None:
        """Everybody starts; four hand in, one lets the time run out."""
        for name in BY_LINK:
            self.students[name].come_by_code(self.code)
        self.attempts = {
            name: student.start(self.exam) for name, student in self.students.items()
        }
        self.work("ada", self.right)
        until_board_has(self.site, 1)
        assert not self.sees_result("ada")

        self.students["dan"].answer(self.attempts["dan"], self.half)
        with held(self.site, "scoring_grade") as somebody_waits:
            an_hour_passes_for(self.site, self.attempts["dan"])
            wait_for(somebody_waits, "the clock's close in its last step")
            self.crew.kill("fast", "grading")
        self.work("ben", self.half)
        with held(self.site, "scoring_scoreboardentry") as somebody_waits:
            self.crew.replace("fast")
            wait_for(somebody_waits, "a board that is being written")
            self.crew.kill("fast", "writing the board")
        self.crew.replace("fast")
        self.work("cleo", self.right)
        self.work("eva", {})
        assert self.mira.visitor.get(f"/exams/{self.exam}/live/").status == 200
        until_board_has(self.site, 5)

    def work(self, name: str, given: Mapping[str, Any]) -> None:
        self.students[name].answer(self.attempts[name], given)
        self.students[name].hand_in(self.attempts[name])

    def sees_result(self, name: str) -> bool:
        page = f"{self.attempts[name]}result/"
        return path(self.students[name].visitor.get(page)) == page

    def end(self) -> None:
        """The educator closes and releases, and everybody hears of it."""
        exam = f"/exams/{self.exam}"
        assert self.mira.visitor.post(f"{exam}/close/").status == 200
        self.sink.on_recipient = Killer(self.crew, at=3)
        assert self.mira.visitor.post(f"{exam}/release/").status == 200
        wait_for(
            lambda: self.crew.killed[-1] == "sending", "a kill with a mail in hand"
        )
        self.crew.replace("fast")
        until_all_is_done(self.site)
        self.crew.stop()


@pytest.mark.chaos(cases=4)
@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("bell", ["celery"], indirect=True)
def test_an_exam_is_held_while_workers_are_killed(whole_site: Site, sink: Sink) -> None:
    story = Story.begin(whole_site, sink)
    story.make()
    story.take()
    story.end()
    assert story.crew.killed == ["drafting", "grading", "writing the board", "sending"]
    assert_everybody_has_their_score(story)
    assert_every_mail_came_once(whole_site, sink)
    assert_every_job_was_done(whole_site)
    assert_sound(whole_site)


def assert_everybody_has_their_score(story: Story) -> None:
    everything = sum(story.points.values())
    some = sum(story.points[question] for question in story.half)
    assert board(story.site) == {
        "ada@example.org": everything,
        "ben@example.org": some,
        "cleo@example.org": everything,
        "dan@example.org": some,
        "eva@example.org": 0,
    }
    shown = f"/exams/{story.exam}/scoreboard/"
    page = story.mira.visitor.get(shown).text
    assert re.findall(r'<td class="eg-num">(\d=?)</td>\s*<th', page) == [
        *("1=", "1=", "3=", "3=", "5")
    ]
    for name, student in story.students.items():
        assert student.visitor.get(shown).text.count('class="is-me"') == 1
        assert story.sees_result(name)
    receipt = story.students["dan"].visitor.get(f"{story.attempts['dan']}receipt/")
    assert "Your time was over" in receipt.text


class Killer:
    """Kills the worker that is about to give the server its mail."""

    def __init__(self, crew: Crew, at: int) -> None:
        self.crew, self.at, self.mails = crew, at, 0

    def __call__(self, _address: str) -> None:
        self.mails += 1
        if self.mails == self.at:
            self.crew.kill("fast", "sending")


def until_board_has(site: Site, people: int) -> None:
    found = "SELECT 1 FROM scoring_scoreboardentry"
    wait_for(lambda: len(site.rows(found)) == people, f"{people} on the board")


def an_hour_passes_for(site: Site, attempt: str) -> None:
    """Move all that an attempt knows of time, so that nobody has to wait for it."""
    name = attempt.split("/")[2]
    hour = "- interval '1 hour'"
    for table, column in (("answer", "saved_at"), ("answerlog", "received_at")):
        site.change(
            f"UPDATE scoring_{table} SET {column} = {column} {hour}"
            " WHERE attempt_id = ?::uuid",
            name,
        )
    site.change(
        f"UPDATE scoring_attempt SET started_at = started_at {hour},"
        f" deadline = deadline {hour}, saved_at = saved_at {hour} WHERE id = ?::uuid",
        name,
    )


def until_all_is_done(site: Site) -> None:
    """Let what waits for its time have it, again and again, until nothing waits."""
    site.change(
        "UPDATE exams_examversion SET closed_at = closed_at - interval '1 hour'"
    )

    def done() -> bool:
        # Mails of a board wait up to a quarter of an hour.
        site.change("UPDATE jobs_job SET run_after = now() WHERE state = 'queued'")
        return not site.rows("SELECT 1 FROM jobs_job WHERE state <> 'done'")

    wait_for(done, "every job done", every=0.2)


def board(site: Site) -> dict[str, Decimal]:
    rows = site.rows(
        "SELECT email, points FROM scoring_scoreboardentry"
        " JOIN accounts_user ON accounts_user.id = user_id"
    )
    return {row["email"]: row["points"] for row in rows}


def assert_every_mail_came_once(site: Site, sink: Sink) -> None:
    kinds = {
        row["message_id"]: row["message"]
        for row in site.rows(
            "SELECT message, message_id FROM notifications_delivery"
            " WHERE channel = 'email'"
        )
    }
    students = [f"{name}@example.org" for name in INVITED + BY_LINK]
    came = Counter((one.to, kinds.get(one.id, "code")) for one in sink.received)
    assert came == Counter(
        [
            *((f"{name}@example.org", "code") for name in BY_LINK),
            *((f"{name}@example.org", "invitation") for name in INVITED),
            *((f"{name}@example.org", "exam_opened") for name in INVITED),
            *((email, "welcome") for email in [EDUCATOR, *students]),
            *((email, "receipt") for email in students),
            *((email, "result_released") for email in students),
            (EDUCATOR, "code"),
            (EDUCATOR, "exam_ready"),
            # The first score, and the last word after the close.
            *((EDUCATOR, "scoreboard_updated") for _ in range(2)),
        ]
    )
    assert len({one.id for one in sink.received}) == len(sink.received)
    waiting = "SELECT * FROM notifications_delivery WHERE state <> 'sent'"
    assert site.rows(waiting) == []


def assert_every_job_was_done(site: Site) -> None:
    jobs = site.rows("SELECT consumer, errors, lost_leases FROM jobs_job")
    assert [job for job in jobs if job["errors"]] == []
    lost = Counter(job["consumer"] for job in jobs if job["lost_leases"])
    # The clock's close is no job: nothing is lost with it.
    assert lost == Counter({GENERATE: 1, BOARD: 1, "notifications.deliver": 1})
