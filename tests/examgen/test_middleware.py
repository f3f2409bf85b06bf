"""One line a request, under a number that everything else it caused carries too."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from examgen import middleware
from examgen.jobs import runner
from examgen.jobs.models import Event
from examgen.jobs.runner import Run
from examgen.jobs.wiring import On
from tests.examgen.jobs.rows import claimed, happen
from tests.factories import exams
from tests.factories.people import PASSWORD

GIVEN = "0123456789abcdef-of-the-proxy"


def lines(caplog, event: str = "request") -> list[dict[str, Any]]:
    """Our own lines with this sentence, without what differs every time."""
    found = [
        record.msg
        for record in caplog.records
        if isinstance(record.msg, dict) and record.msg["event"] == event
    ]
    passing = ("event", "level", "logger", "timestamp", "ms")
    return [{k: v for k, v in line.items() if k not in passing} for line in found]


def test_a_request_leaves_one_line_with_its_route_and_person(
    student: User, caplog
) -> None:
    browser = Client()
    browser.force_login(student)
    answer = browser.get(reverse("preferences"), {"q": "secret"})
    assert lines(caplog) == [
        {
            "request": answer["X-Request-ID"],
            "method": "GET",
            "route": "preferences",
            "status": 200,
            "user": str(student.id),
        }
    ]
    (record,) = (r.msg for r in caplog.records if r.msg["event"] == "request")
    assert 0 < record["ms"] < 60_000


def test_whoever_has_just_signed_in_is_named(student: User, caplog) -> None:
    sign_in = {"login": student.email, "password": PASSWORD}
    Client().post(reverse("account_login"), sign_in)
    (line,) = lines(caplog)
    assert (line["route"], line["status"]) == ("account_login", 302)
    assert line["user"] == str(student.id)


def test_the_log_itself_asks_nobody_who_it_is(
    student: User, django_assert_num_queries
) -> None:
    browser = Client()
    browser.force_login(student)
    request = RequestFactory().get("/")
    request.session = browser.session
    with django_assert_num_queries(0):
        AuthenticationMiddleware(lambda _: HttpResponse()).process_request(request)
        assert middleware._user(request) == {}
    assert request.user.is_authenticated
    assert middleware._user(request) == {"user": str(student.id)}


def test_a_path_is_never_written(db: None, caplog) -> None:
    key = reverse("account_reset_password_from_key", args=["1", "abc-secret"])
    Client().get(key)
    Client().get("/nowhere/secret/")
    assert [(line["route"], line["status"]) for line in lines(caplog)] == [
        ("account_reset_password_from_key", 200),
        ("none", 404),
    ]
    assert "secret" not in caplog.text


def test_a_host_that_is_not_ours_is_logged_under_its_number(db: None, caplog) -> None:
    answer = Client().get("/", headers={"Host": "evil.example.net"})
    (line,) = lines(caplog)
    assert (line["request"], line["status"]) == (answer["X-Request-ID"], 400)


def test_a_made_up_method_is_not_repeated(db: None, caplog) -> None:
    Client().generic("MIRA", reverse("home"))
    assert [line["method"] for line in lines(caplog)] == ["other"]


@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_the_pulse_is_not_logged_while_it_beats(db: None, caplog, name: str) -> None:
    assert Client().get(reverse(name)).status_code == 200
    assert lines(caplog) == []


def test_static_files_leave_no_line(db: None, caplog) -> None:
    assert not Client().get("/static/none.css").has_header("X-Request-ID")
    assert lines(caplog) == []


# The number


def numbered(**headers: str) -> str:
    return str(Client().get(reverse("healthz"), headers=headers)["X-Request-ID"])


def test_every_request_has_a_number_of_its_own(db: None) -> None:
    first, second = numbered(), numbered()
    assert first != second
    assert uuid.UUID(first)


def test_the_number_of_a_proxy_is_taken(db: None, settings) -> None:
    settings.BEHIND_PROXY = True
    assert numbered(x_request_id=GIVEN) == GIVEN


def test_a_number_that_anybody_may_have_sent_is_not_taken(db: None, settings) -> None:
    settings.BEHIND_PROXY = False
    assert re.fullmatch(r"[0-9a-f]{32}", numbered(x_request_id=GIVEN))


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "mira@example.org", "two words here", "ü" * 9]
)
def test_what_is_no_number_is_not_taken(db: None, settings, given: str) -> None:
    settings.BEHIND_PROXY = True
    assert re.fullmatch(r"[0-9a-f]{32}", numbered(x_request_id=given))


# Following a request


def test_a_request_leads_to_its_event_and_that_to_its_job(
    educator: User, caplog, wire
) -> None:
    """By number: request, event, job, and what the job caused."""

    def consume(run: Run) -> None:
        with run.finish():
            happen("followed")

    wire(On("lecture.deleted", consume, queue="fast"))
    lecture = exams.lecture(educator)
    browser = Client()
    browser.force_login(educator)
    answer = browser.post(reverse("lecture_delete", args=[lecture.id]))
    event = Event.objects.get(name="lecture.deleted")
    assert lines(caplog, "event") == [
        {
            "request": answer["X-Request-ID"],
            "name": "lecture.deleted",
            "event_id": str(event.id),
            "subject": str(lecture.id),
        }
    ]
    caplog.clear()
    job = claimed(event.jobs.get())
    runner.run(job)
    ids = {"job": str(job.id), "consumer": job.consumer}
    assert lines(caplog, "job_done") == [ids | {"event_id": str(event.id)}]
    caused = Event.objects.get(name="followed")
    (line,) = lines(caplog, "event")
    assert line["job"] == ids["job"]
    assert line["event_id"] == str(caused.id)
