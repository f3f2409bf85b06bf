from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from examgen.jobs.events import record
from notifications.models import Delivery, Subscription
from tests.factories import courses, deliveries, exams, versions
from tests.notifications.running import run_jobs

pytestmark = pytest.mark.django_db

PAGE = "/notifications/"


@pytest.fixture
def browser(educator: User) -> Client:
    client = Client()
    client.force_login(educator)
    return client


def told(educator: User, number: int = 1, title: str = "Plant cells") -> list[Delivery]:
    exam = exams.exam(educator, title=title)
    return [deliveries.told(exam) for _ in range(number)]


def page(browser: Client, address: str = PAGE) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def badge(browser: Client, address: str = "/exams/") -> str:
    """What the bell in the header says, without its markup."""
    found = re.search(
        r'<span class="eg-badge is-live position[^>]*>(.*?)</a>',
        page(browser, address),
        re.DOTALL,
    )
    return "" if found is None else " ".join(re.sub(r"<.*?>", " ", found[1]).split())


# The list


def test_before_anything_happened_the_page_says_so(browser: Client) -> None:
    said = page(browser)
    assert "Nothing yet" in said
    assert "Mark all as read" not in said
    assert badge(browser) == ""


def test_what_happened_stands_here_newest_first(
    browser: Client, educator: User
) -> None:
    told(educator, title="Older")
    told(educator, title="Newer")
    said = page(browser)
    assert said.index("Ready to review: Newer") < said.index("Ready to review: Older")


def test_a_student_without_mail_sees_an_exam_that_is_for_them(
    educator: User, student: User, settings
) -> None:
    settings.EMAIL_HOST = "mail.invalid"
    course = courses.course(educator)
    courses.enrol(course, student)
    version = versions.version(educator, course=course, title="Plant cells")
    record("exam.published", version)
    run_jobs()
    browser = Client()
    browser.force_login(student)
    assert "Exam for you: Plant cells" in page(browser)
    (row,) = Delivery.objects.for_user(student).on_site()
    opened = browser.get(reverse("notification", args=[row.id]))
    assert opened["Location"] == f"/take/{version.exam_id}/"


def test_a_title_cannot_bring_markup(browser: Client, educator: User) -> None:
    told(educator, title="<script>alert(1)</script>")
    assert "<script>alert" not in page(browser)


def test_opening_one_leads_there_and_marks_it_read(
    browser: Client, educator: User
) -> None:
    first, second = told(educator, number=2)
    assert badge(browser) == "2 unread"
    response = browser.get(reverse("notification", args=[first.id]))
    assert response["Location"] == reverse("review", args=[first.subject_id])
    assert badge(browser) == "1 unread"
    assert page(browser).count(">New<") == 1
    second.refresh_from_db()
    assert second.read_at is None


def test_all_are_marked_read_at_once(browser: Client, educator: User) -> None:
    told(educator, number=3)
    response = browser.post(reverse("notifications_read"))
    assert response["Location"] == PAGE
    assert badge(browser) == ""
    assert "All read" in page(browser)


def test_what_others_are_told_does_not_exist(browser: Client, colleague: User) -> None:
    (foreign,) = told(colleague)
    browser.post(reverse("notifications_read"))
    foreign.refresh_from_db()
    assert foreign.read_at is None
    for delivery_id in (foreign.id, uuid.uuid4()):
        address = reverse("notification", args=[delivery_id])
        assert browser.get(address).status_code == 404
    assert "Ready to review" not in page(browser)


def test_more_than_a_page_is_paged(browser: Client, educator: User) -> None:
    told(educator, number=25)
    assert page(browser).count("Ready to review") == 20
    assert page(browser, f"{PAGE}?page=2").count("Ready to review") == 5
    assert badge(browser) == "25 unread"


def test_a_hundred_are_too_many_to_count_out(browser: Client, educator: User) -> None:
    told(educator, number=100)
    assert badge(browser) == "99+ unread"


def test_a_long_list_takes_as_many_queries_as_a_short_one(
    browser: Client, educator: User
) -> None:
    counts = []
    for number in (2, 18):
        told(educator, number=number)
        page(browser)
        with CaptureQueriesContext(connection) as queries:
            page(browser)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_the_count_in_the_header_is_one_query(browser: Client, educator: User) -> None:
    told(educator, number=3)
    page(browser, "/settings/")
    with CaptureQueriesContext(connection) as queries:
        page(browser, "/settings/")
    counting = [one["sql"] for one in queries if "notifications_delivery" in one["sql"]]
    assert len(counting) == 1
    assert counting[0].startswith("SELECT COUNT(*)")


# The table of choices


def every_box(browser: Client) -> dict[str, str]:
    """The form as a browser would send it back unchanged."""
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page(browser))
    return {
        re.search(r'name="([^"]+)"', box)[1]: "on" for box in boxes if "checked" in box
    }


def test_everything_is_ticked_at_first(browser: Client) -> None:
    assert len(every_box(browser)) == 16


def test_an_unticked_box_switches_its_message_off(
    browser: Client, educator: User
) -> None:
    boxes = every_box(browser)
    del boxes["exam_ready-email"]
    response = browser.post(PAGE, boxes, follow=True)
    assert "Your choices are saved." in response.content.decode()
    (row,) = Subscription.objects.all()
    assert (row.recipient, row.message, row.channel, row.wanted) == (
        educator,
        "exam_ready",
        "email",
        False,
    )
    assert every_box(browser) == boxes


def test_a_ticked_box_switches_it_on_again(browser: Client) -> None:
    boxes = every_box(browser)
    browser.post(PAGE, {})
    assert every_box(browser) == {}
    browser.post(PAGE, boxes)
    assert every_box(browser) == boxes


def test_students_choose_what_students_are_told(student: User) -> None:
    browser = Client()
    browser.force_login(student)
    assert set(every_box(browser)) == {
        "exam_opened-email",
        "exam_opened-site",
        "receipt-email",
        "receipt-site",
        "result_released-email",
        "result_released-site",
    }
    browser.post(PAGE, {"exam_ready-email": "on", "horoscope-email": "on"})
    messages = set(Subscription.objects.values_list("message", flat=True))
    assert messages == {"exam_opened", "receipt", "result_released"}
