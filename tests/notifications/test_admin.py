from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from examgen.jobs.events import record
from examgen.jobs.models import Event
from notifications.models import Delivery
from tests.factories import courses, exams, people
from tests.notifications.running import mail, run_jobs
from tests.servers import smtp
from tests.servers.smtp import Sink

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/delivery/"


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(people.admin())
    return client


def send_again(browser: Client, *deliveries: Delivery) -> str:
    response = browser.post(
        LIST,
        {
            "action": "send_again",
            "_selected_action": [str(one.id) for one in deliveries],
        },
    )
    assert response.status_code == 302
    (said,) = get_messages(response.wsgi_request)
    return str(said)


def test_the_list_says_what_became_of_each(
    browser: Client, educator: User, sink: Sink
) -> None:
    sink.script(educator.email, smtp.unknown())
    record("exam.ready", exams.exam(educator))
    courses.invite(courses.course(educator), "new@example.org")
    run_jobs()
    said = browser.get(LIST).content.decode()
    assert educator.email in said
    assert "new@example.org" in said
    assert "The mail server refused the recipient. 550 5.1.1 No such user here" in said
    for state in ("Failed", "Sent"):
        assert state in said


def test_a_failed_mail_is_sent_again_and_others_are_not(
    browser: Client, educator: User, student: User, sink: Sink
) -> None:
    sink.script(educator.email, smtp.unknown())
    record("exam.ready", exams.exam(educator))
    record("user.signed_up", student)
    run_jobs()
    failed, sent = mail("exam_ready"), mail("welcome")
    line = Delivery.objects.filter(channel="site").first()
    assert line is not None
    assert send_again(browser, failed, sent, line) == "1 mail is sent again."
    assert mail("exam_ready").state == "waiting"
    event = Event.objects.get(name="delivery.requested")
    assert event.actor == User.objects.get(email="admin@example.org").id
    run_jobs()
    assert sorted(one.to for one in sink.received) == [educator.email, student.email]


def test_nothing_else_can_be_done_to_a_delivery(
    browser: Client, educator: User
) -> None:
    record("exam.ready", exams.exam(educator))
    run_jobs()
    row = mail("exam_ready")
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{row.id}/delete/").status_code == 403
    assert browser.get(f"{LIST}{row.id}/change/").status_code == 200
    assert browser.post(f"{LIST}{row.id}/change/", {"message": "x"}).status_code == 403


def test_a_long_list_takes_as_many_queries_as_a_short_one(
    browser: Client, educator: User, django_assert_max_num_queries
) -> None:
    for _ in range(10):
        record("exam.ready", exams.exam(educator))
    run_jobs()
    with django_assert_max_num_queries(12):
        assert browser.get(LIST).status_code == 200


def test_the_list_is_for_staff(educator: User) -> None:
    client = Client()
    client.force_login(educator)
    assert client.get(
        reverse("admin:notifications_delivery_changelist")
    ).status_code in (
        302,
        403,
    )
