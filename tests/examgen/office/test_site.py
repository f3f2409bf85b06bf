"""The pages of ours in the admin: figures, trends, and who may see which."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from examgen import VERSION
from examgen.jobs.clock import now
from examgen.jobs.events import record, record_about
from examgen.jobs.models import Beat, Job
from examgen.jobs.states import JobState
from exams.content import Kind
from exams.models import StoreCount
from exams.quality import Tally
from exams.services import orphans
from exams.states import QuestionState
from exams.wording import KIND_NAMES
from notifications.models import Delivery
from notifications.states import Channel, DeliveryState, Reason
from tests.examgen.jobs.rows import job_for
from tests.factories import deliveries, exams, people
from tests.scoring.canary import CANARY, drafted

OPERATIONS, TRENDS = "/admin/operations/", "/admin/trends/"
VERDICTS = "/admin/verdicts/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(people.admin())


def text(answer: Any) -> str:
    """What stands on a page, without tags."""
    body = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(body.split())


# Who


@pytest.mark.parametrize(
    ("address", "right"),
    [
        (OPERATIONS, "jobs.view_job"),
        (TRENDS, "jobs.view_event"),
        (VERDICTS, "exams.view_exam"),
    ],
)
def test_each_page_asks_for_a_right(db: None, address: str, right: str) -> None:
    seeing = signed_in(people.staff("seeing@example.org", right))
    other = signed_in(people.staff("other@example.org", "accounts.view_user"))
    assert seeing.get(address).status_code == 200
    assert other.get(address).status_code == 403
    assert other.post(address).status_code in (403, 405)
    index = reverse("admin:index")
    assert f'href="{address}"' in seeing.get(index).content.decode()
    assert f'href="{address}"' not in other.get(index).content.decode()


def test_the_site_leads_staff_to_the_admin_and_nobody_else(
    db: None, student: User
) -> None:
    link = f'href="{reverse("admin:index")}"'
    staff = signed_in(people.staff())
    assert link in staff.get(reverse("home")).content.decode()
    assert link not in signed_in(student).get(reverse("home")).content.decode()


def test_the_admins_own_page_for_passwords_leads_to_everybodys(boss: Client) -> None:
    answer = boss.get(reverse("admin:password_change"))
    assert answer.headers["Location"] == reverse("account_change_password")


# Operations


def test_it_tells_what_waits_and_since_when(boss: Client, wired: None) -> None:
    at = now()
    Beat.objects.create(worker="fast@one:7", queue="fast", at=at)
    Beat.objects.create(worker="fast@two:8", queue="fast", at=at - timedelta(hours=3))
    due, later, running = job_for(), job_for(), job_for()
    rows = Job.objects
    rows.filter(pk=due.pk).update(run_after=at - timedelta(minutes=5))
    rows.filter(pk=later.pk).update(run_after=at + timedelta(hours=1))
    rows.filter(pk=running.pk).update(state=JobState.RUNNING)
    answer = boss.get(OPERATIONS)
    fast, heavy = answer.context["lanes"]
    assert (fast.queue, fast.due, fast.later, fast.running) == ("fast", 1, 1, 1)
    assert (fast.alive, fast.tone) == (1, "warn")
    assert (heavy.due, heavy.waited, heavy.alive, heavy.tone) == (0, None, 0, "bad")
    said = text(answer)
    assert "5 min" in said
    assert "fast@two:8, 3 h ago" in said
    assert "No worker of this queue lives." in said


def test_it_counts_failures_by_reason_for_a_day_and_a_week(boss: Client) -> None:
    lecture = exams.lecture(people.educator())
    for _ in range(2):
        record("lecture.failed", lecture, code="encrypted")
    # Whoever stopped it themselves did not fail.
    record("lecture.failed", lecture, code="cancelled")
    facts = {"consumer": "exams.read_lecture", "code": "OSError"}
    record_about("job.dead", "lecture", lecture.id, job="x", **facts)
    line = deliveries.told(exams.exam(people.educator("two@example.org")))
    long_ago = now() - timedelta(days=3)
    Delivery.objects.filter(pk=line.pk).update(
        channel=Channel.EMAIL,
        message_id="<x>",
        state=DeliveryState.FAILED,
        reason=Reason.NO_HOST,
        created_at=long_ago,
    )
    answer = boss.get(OPERATIONS)
    found = [(str(f.what), f.day, f.week) for f in answer.context["failures"]]
    assert found == [("Lectures", 2, 2), ("Jobs", 1, 1), ("Mails", 0, 1)]
    said = text(answer)
    assert "This PDF asks for a password." in said
    assert "exams.read_lecture: OSError" in said
    assert "The mail server's name is not known." in said.replace("&#x27;", "'")
    for failure in answer.context["failures"]:
        assert boss.get(failure.rows.url).status_code == 200


def test_it_tells_of_room_and_of_releases(boss: Client) -> None:
    lecture = exams.lecture(people.educator())
    assert "not counted yet" in text(boss.get(OPERATIONS))
    orphans.collect(lecture.owner_id.hex[0])
    answer = boss.get(OPERATIONS)
    room = answer.context["room"]
    (count,) = StoreCount.objects.all()
    assert (room.objects, room.object_bytes) == (count.objects_found, count.bytes_found)
    assert f"with {room.objects} objects, " in text(answer)
    assert (room.lectures, room.lecture_bytes) == (1, lecture.size)
    assert room.database_bytes > 100_000
    assert 0 < room.disk_free < room.disk_total
    versions = dict(answer.context["versions"])
    assert versions["Examgen"] == VERSION
    assert {"Python", "Django", "pypdfium2"} <= set(versions)
    assert set(versions) & {"SQLite", "PostgreSQL"}


def test_its_figures_alone_are_asked_for_again(boss: Client) -> None:
    part = boss.get(OPERATIONS, headers={"HX-Request": "true"})
    body = part.content.decode()
    assert "<html" not in body
    assert 'id="queues"' in body
    assert 'hx-trigger="every 15s"' in boss.get(OPERATIONS).content.decode()


def test_parts_are_asked_when_somebody_says_so(boss: Client, settings) -> None:
    assert boss.get(OPERATIONS).context["asked"] is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    (wrong,) = boss.post(OPERATIONS).context["asked"]
    assert wrong.id == "examgen.W070"
    assert "is away" in text(boss.post(OPERATIONS))


def test_figures_take_the_same_few_queries_however_much_there_is(
    boss: Client, wired: None, django_assert_max_num_queries
) -> None:
    for _ in range(20):
        job_for()
        record_about("job.dead", "thing", people_id(), consumer="a.b", code="E")
    with django_assert_max_num_queries(12):
        boss.get(OPERATIONS)


def people_id() -> Any:
    return User.objects.values_list("id", flat=True)[0]


def test_the_index_counts_what_waits_for_somebody(boss: Client) -> None:
    people.student("wish@example.org", educator_requested_at=now())
    record("lecture.failed", exams.lecture(people.educator()), code="encrypted")
    said = text(boss.get(reverse("admin:index")))
    assert "1 wishes to make exams" in said
    assert "1 failed in the last 24 hours" in said


# Trends


def counted(answer: Any) -> dict[str, list[int]]:
    return {
        trend.name: [count for _day, count in trend.points if count]
        for trend, _chart in answer.context["charts"]
    }


def test_what_happened_is_counted_by_day_and_by_week(boss: Client) -> None:
    owner = people.educator()
    one, two = exams.lecture(owner), exams.lecture(owner, name="b.pdf", pdf=b"b")
    # Once for what happened to it twice on one day.
    for lecture in (one, one, two):
        record("lecture.uploaded", lecture)
    record("user.signed_up", owner)
    for by, spans in (("day", 30), ("week", 26)):
        answer = boss.get(TRENDS, {"by": by})
        found = counted(answer)
        assert found["lecture.uploaded"] == [2]
        assert found["user.signed_up"] == [1]
        assert found["attempt.started"] == []
        trend, chart = answer.context["charts"][0]
        assert len(trend.points) == len(chart.bars) == spans
        # The picture and its table say the same.
        assert answer.content.decode().count("<td>2</td>") == 1
    assert boss.get(TRENDS, {"by": "nonsense"}).context["by"] == "day"


def test_topics_are_for_those_who_may_know_what_is_asked(boss: Client) -> None:
    exam = drafted(people.educator())
    exam.questions.update(state="accepted")
    (topic,) = boss.get(TRENDS).context["topics"]
    assert (topic.name, topic.questions) == (f"{CANARY} topic", exam.questions.count())
    watching = signed_in(people.staff("watching@example.org", "jobs.view_event"))
    assert CANARY not in watching.get(TRENDS).content.decode()


def test_trends_take_few_queries(boss: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        boss.get(TRENDS)


# Verdicts


def test_verdicts_are_told_by_maker_kind_and_engine(
    boss: Client, django_assert_max_num_queries
) -> None:
    assert "Decided 0" in text(boss.get(VERDICTS))
    exam = drafted(people.educator())
    rows = list(exam.questions.all())
    states = [QuestionState.ACCEPTED, QuestionState.REJECTED, QuestionState.EDITED]
    for row, state in zip(rows, states, strict=False):
        row.state, row.provenance["maker"] = state, "definition"
        if state == QuestionState.EDITED:
            row.provenance["edited"] = True
        row.save()
    kinds = sorted(str(KIND_NAMES[Kind(row.kind)]) for row in rows[:3])
    with django_assert_max_num_queries(6):
        answer = boss.get(VERDICTS, {"by": "kind"})
    assert sorted(name for name, _tally in answer.context["tallies"]) == kinds
    engine = boss.get(VERDICTS, {"by": "engine"}).context["tallies"]
    assert engine == [("offline 1", Tally(1, 1, 1))]
    answer = boss.get(VERDICTS, {"by": "nonsense"})
    assert answer.context["tallies"] == [("definition", Tally(1, 1, 1))]
    # The picture and its table say the same, and nothing of what is asked.
    said = text(answer)
    assert "definition 3 1 1 1 33 % (6 to 79) 67 % (21 to 94)" in said
    assert CANARY not in answer.content.decode()
