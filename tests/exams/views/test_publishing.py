"""Publishing and sharing pages: with and without scripts, with good and bad input."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.codes import spoken
from accounts.models import User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import Exam, ExamVersion
from exams.policy import Release
from exams.services import authoring
from exams.services.publishing import close_exam, release_results
from exams.states import FROZEN, ExamState, QuestionState
from tests.factories import courses, exams, publishing, stores

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def exam(educator: User) -> Exam:
    return exams.reviewed(educator, title="Mid-term")


def text(response: HttpResponse) -> str:
    return response.content.decode()


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def at(exam: Exam, name: str = "publish") -> str:
    return reverse(name, args=[exam.id])


def local(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def typed(**changes: Any) -> dict[str, Any]:
    """What the page sends when its suggestions are left as they are."""
    sent = {
        "course": "",
        "opens_at": "",
        "closes_at": local(now() + 7 * DAY),
        "minutes": "10",
        "attempts": "1",
        "counting": "best",
        "shuffle_questions": "on",
        "shuffle_options": "on",
        "release": "after_close",
        "release_at": "",
        "pass_percent": "50",
        "several": "proportional",
    }
    return {**sent, **changes}


def disabled(response: HttpResponse) -> bool:
    (button,) = re.findall(r'<button class="btn btn-primary"[^>]*>', text(response))
    return " disabled" in button


# The page


def test_the_page_suggests_rules_and_says_that_they_will_do(
    browser: Client, exam: Exam
) -> None:
    page = browser.get(at(exam))
    assert page.status_code == 200
    assert "4 of 4 questions are kept." in text(page)
    assert "Time limit: 10 minutes." in text(page)
    assert not disabled(page)
    for name in page.context["form"].fields:
        assert f'name="{name}"' in text(page)


@pytest.mark.parametrize(
    ("questions", "minutes"), [(1, 10), (5, 10), (8, 20), (40, 80)]
)
def test_the_suggested_limit_is_two_minutes_a_question(
    browser: Client, educator: User, questions: int, minutes: int
) -> None:
    exam = exams.reviewed(educator, kinds=[Kind.TRUE_FALSE] * questions)
    page = browser.get(at(exam))
    assert page.context["form"]["minutes"].value() == minutes


def test_the_suggested_end_is_late_on_the_day_in_a_week_in_the_educators_zone(
    educator: User, browser: Client, exam: Exam
) -> None:
    educator.time_zone = "Pacific/Auckland"
    educator.save()
    page = browser.get(at(exam))
    with timezone.override("Pacific/Auckland"):
        day = timezone.localtime(now() + 7 * DAY).strftime("%Y-%m-%d")
    assert f'value="{day}T23:59"' in text(page)
    assert "Pacific/Auckland" in text(page)


def test_the_time_zone_is_named_where_times_are_typed(
    browser: Client, exam: Exam
) -> None:
    page = text(browser.get(at(exam)))
    assert "Times are in your time zone, UTC." in page
    assert reverse("preferences") in page
    assert "All times are in UTC." in page


def test_each_grading_stands_beside_its_formula(browser: Client, exam: Exam) -> None:
    page = text(browser.get(at(exam)))
    for formula in ("1 if c = C and i = 0", "c ÷ C", "c ÷ C − i ÷ I"):
        assert formula in page


def test_own_and_co_taught_courses_can_be_chosen_and_no_others(
    browser: Client, exam: Exam, educator: User, colleague: User
) -> None:
    own, shared, foreign = (
        courses.course(owner) for owner in (educator, colleague, colleague)
    )
    courses.teach(shared, educator)
    page = text(browser.get(at(exam)))
    assert f'value="{own.id}"' in page
    assert f'value="{shared.id}"' in page
    assert f'value="{foreign.id}"' not in page


def test_undecided_questions_disable_publishing_with_the_reason_beside_it(
    browser: Client, exam: Exam
) -> None:
    exam.questions.filter(position=1).update(state=QuestionState.PROPOSED)
    page = browser.get(at(exam))
    assert page.status_code == 200
    assert disabled(page)
    assert 'aria-describedby="why-not"' in text(page)
    assert "1 question is not decided yet." in text(page)
    assert at(exam, "review") in text(page)


@pytest.mark.parametrize("state", FROZEN)
def test_what_is_published_leads_to_its_page(
    browser: Client, educator: User, state: ExamState
) -> None:
    exam = exams.exam(educator, state=state)
    for response in (browser.get(at(exam)), browser.post(at(exam), typed())):
        assert response["Location"] == at(exam, "share")


@pytest.mark.parametrize(
    "state", [ExamState.WAITING, ExamState.GENERATING, ExamState.FAILED]
)
def test_what_is_not_drafted_cannot_be_published(
    browser: Client, educator: User, state: ExamState
) -> None:
    exam = exams.exam(educator, state=state)
    assert browser.get(at(exam)).status_code == 404
    assert browser.post(at(exam), typed()).status_code == 404


# Checking while typing


def test_each_change_brings_the_list_anew_and_publishes_nothing(
    browser: Client, exam: Exam
) -> None:
    sent = typed(minutes="45", attempts="3", release="at_submit")
    fragment = browser.get(at(exam), sent, headers=HTMX)
    assert fragment.status_code == 200
    assert "<html" not in text(fragment)
    assert text(fragment).lstrip().startswith("<section")
    for line in ("Time limit: 45 minutes.", "3 attempts; the best counts."):
        assert line in text(fragment)
    assert "before their next attempt" in text(fragment)
    assert not disabled(fragment)
    assert not ExamVersion.objects.exists()


def test_what_stands_in_the_way_comes_first_and_disables_publishing(
    browser: Client, exam: Exam
) -> None:
    sent = typed(closes_at="2020-01-01T10:00", attempts="0")
    fragment = browser.get(at(exam), sent, headers=HTMX)
    assert fragment.status_code == 200
    assert disabled(fragment)
    first, second, *rest = [check.code for check in fragment.context["checks"]]
    assert {first, second} == {"window_over", "attempts_out_of_range"}
    assert "decided" in rest
    assert 'data-said="Not ready to publish."' in text(fragment)


def test_what_cannot_be_read_is_said_in_the_list(browser: Client, exam: Exam) -> None:
    fragment = browser.get(at(exam), typed(closes_at="soon"), headers=HTMX)
    assert fragment.status_code == 200
    assert disabled(fragment)
    assert "Enter a day and a time that exist." in text(fragment)
    assert '<a href="#id_closes_at">Closes</a>' in text(fragment)


def test_an_address_with_rules_in_it_is_not_taken_for_typing(
    browser: Client, exam: Exam
) -> None:
    page = browser.get(at(exam), typed(attempts="0"))
    assert page.status_code == 200
    assert "<html" in text(page)
    assert not page.context["form"].is_bound


def test_without_scripts_one_may_ask_for_the_list_before_publishing(
    browser: Client, exam: Exam
) -> None:
    asked = browser.post(at(exam), typed(minutes="45", check="1"))
    assert asked.status_code == 200
    assert "Time limit: 45 minutes." in text(asked)
    assert 'value="45"' in text(asked)
    asked = browser.post(at(exam), typed(attempts="0", check="1"))
    assert asked.status_code == 422
    assert "Allow 1 to 100 attempts." in text(asked)
    assert not ExamVersion.objects.exists()


# Publishing


def test_publishing_leads_to_the_page_that_is_shared(
    browser: Client, exam: Exam, educator: User
) -> None:
    course = courses.course(educator)
    courses.students(course, 1)
    response = browser.post(at(exam), typed(course=str(course.id)))
    assert response["Location"] == at(exam, "share")
    assert said(response) == ["“Mid-term” is published."]
    version = ExamVersion.objects.get()
    assert (version.exam, version.course) == (exam, course)
    assert version.rules.minutes == 10


def test_times_are_taken_in_the_educators_zone(
    browser: Client, exam: Exam, educator: User
) -> None:
    educator.time_zone = "Asia/Kolkata"
    educator.save()
    end = now().replace(second=0, microsecond=0) + 3 * DAY
    with timezone.override("Asia/Kolkata"):
        browser.post(at(exam), typed(closes_at=local(end)))
    assert ExamVersion.objects.get().closes_at == end


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"opens_at": "2028-02-01T10:00", "closes_at": "2028-02-01T09:00"},
            "closes_at",
            "The exam would end before it opens.",
        ),
        ({"closes_at": "2020-01-01T10:00"}, "closes_at", "This end is over already."),
        (
            {"closes_at": "2199-01-01T10:00"},
            "closes_at",
            "more than five years from now",
        ),
        ({"closes_at": ""}, "release", "results cannot wait for it"),
        ({"attempts": "0"}, "attempts", "Allow 1 to 100 attempts."),
        ({"attempts": "-3"}, "attempts", "Allow 1 to 100 attempts."),
        ({"minutes": "1000000000"}, "minutes", "A time limit is 1 to 10080 minutes."),
        ({"minutes": "0"}, "minutes", "A time limit is 1 to 10080 minutes."),
        ({"pass_percent": "101"}, "pass_percent", "A pass mark is 0 to 100 per cent."),
        ({"pass_percent": "1e999999999"}, "pass_percent", "A pass mark is 0 to 100"),
        ({"release": "on_date"}, "release_at", "Choose the date"),
        (
            {"release": "on_date", "release_at": "2020-01-01T10:00"},
            "release_at",
            "before the exam ends",
        ),
        (
            {"course": "00000000-0000-4000-8000-000000000000"},
            "course",
            "Choose one of your courses.",
        ),
        ({"several": "riddle"}, "several", "riddle"),
        ({"counting": ""}, "counting", "This field is required."),
    ],
)
def test_bad_input_comes_back_as_typed_with_the_reason_beside_its_field(
    browser: Client, exam: Exam, changes: dict[str, str], field: str, words: str
) -> None:
    response = browser.post(at(exam), typed(**changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    error = re.search(rf'id="id_{field}_error">(.*?)</div>', text(response), re.DOTALL)
    assert error is not None
    assert words in error[1]
    for name, value in changes.items():
        assert response.context["form"][name].value() == value
    assert not ExamVersion.objects.exists()
    assert Exam.objects.get().state == ExamState.DRAFT


def test_another_educators_course_is_refused_without_its_name(
    browser: Client, exam: Exam, colleague: User
) -> None:
    theirs = courses.course(colleague)
    response = browser.post(at(exam), typed(course=str(theirs.id)))
    assert response.status_code == 422
    assert "Choose one of your courses." in text(response)
    assert theirs.name not in text(response)
    assert not ExamVersion.objects.exists()


def test_undecided_questions_are_refused_by_the_server_too(
    browser: Client, exam: Exam
) -> None:
    exam.questions.filter(position=1).update(state=QuestionState.PROPOSED)
    response = browser.post(at(exam), typed(minutes="33"))
    assert response.status_code == 422
    assert not ExamVersion.objects.exists()
    assert 'value="33"' in text(response)


def test_while_the_store_is_away_the_page_says_so_and_keeps_what_was_typed(
    browser: Client, exam: Exam, store: Path
) -> None:
    with stores.hooked(store, stores.refuse):
        response = browser.post(at(exam), typed(minutes="33"))
    assert response.status_code == 503
    assert said(response) == [
        "The file store does not answer. Nothing is published; try again."
    ]
    assert 'value="33"' in text(response)
    assert not ExamVersion.objects.exists()


def test_a_draft_that_changed_meanwhile_is_shown_anew(
    browser: Client, exam: Exam, store: Path
) -> None:
    def rename(_name: str) -> None:
        authoring.rename_exam(exam=Exam.objects.get(), title="Finals")

    with stores.hooked(store, rename):
        response = browser.post(at(exam), typed(minutes="33"))
    assert response.status_code == 409
    assert "Publish “Finals”" in text(response)
    assert said(response) == [
        "This exam was changed meanwhile. Look at the list, then publish."
    ]
    assert not ExamVersion.objects.exists()


def test_of_two_tabs_the_second_hears_of_the_first(
    browser: Client, exam: Exam, educator: User, store: Path
) -> None:
    def publish(_name: str) -> None:
        if Exam.objects.get().state == ExamState.DRAFT:
            publishing.published(educator, exam=Exam.objects.get())

    once = iter([publish])

    def first_time(name: str) -> None:
        if act := next(once, None):
            act(name)

    with stores.hooked(store, first_time):
        response = browser.post(at(exam), typed())
    assert response["Location"] == at(exam, "exam")
    assert said(response) == ["Somebody published this exam already."]
    assert ExamVersion.objects.count() == 1


# Sharing


def test_the_shared_page_has_code_link_and_picture(
    browser: Client, exam: Exam, educator: User, settings
) -> None:
    settings.SITE_URL = "https://exams.example.org"
    version = publishing.published(educator, exam=exam)
    page = text(browser.get(at(exam, "share")))
    assert spoken(version.code) in page
    assert f'value="https://exams.example.org/join/{version.code}/"' in page
    assert "<svg" in page.split('class="eg-qr-frame"')[1]


def test_hours_rules_and_who_may_come_are_told(
    browser: Client, exam: Exam, educator: User
) -> None:
    educator.time_zone = "Europe/Berlin"
    educator.save()
    course = courses.course(educator, name="Biology 1")
    courses.students(course, 1, multiplier="1.5")
    courses.students(course, 2)
    version = publishing.published(
        educator, exam=exam, course=course, minutes=30, attempts=2
    )
    page = text(browser.get(at(exam, "share")))
    with timezone.override("Europe/Berlin"):
        shown = timezone.localtime(version.closes_at)
    assert shown.strftime("%Y") in page
    for line in (
        "Times are in Europe/Berlin.",
        "Time limit: 30 minutes.",
        "2 attempts; the best counts.",
        "Students see results once the exam has closed.",
        "3 students of “Biology 1” may take it.",
        "1 of them has extra time.",
        "Points to reach: 4.",
    ):
        assert line in page


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, "once the exam has closed"),
        ({"release": Release.AT_SUBMIT}, "when a student hands in"),
        ({"release": Release.MANUAL}, "when you release them"),
    ],
)
def test_when_students_see_results_is_said(
    browser: Client, exam: Exam, educator: User, rules: dict[str, Any], words: str
) -> None:
    publishing.published(educator, exam=exam, **rules)
    results = text(browser.get(at(exam, "share"))).split("<dt>Results</dt>")[1]
    assert words in results.split("</div>")[0]


def actions(browser: Client, exam: Exam) -> set[str]:
    page = text(browser.get(at(exam, "share")))
    names = ("exam_close", "exam_end", "exam_reopen", "exam_release")
    return {name for name in names if f'href="{at(exam, name)}"' in page}


def test_only_what_can_be_done_now_is_offered(
    browser: Client, exam: Exam, educator: User
) -> None:
    version = publishing.published(educator, exam=exam, release=Release.MANUAL)
    assert actions(browser, exam) == {"exam_close", "exam_end"}
    close_exam(version=version, actor=educator.id)
    assert actions(browser, exam) == {"exam_reopen", "exam_release"}
    release_results(version=version, actor=educator)
    assert actions(browser, exam) == {"exam_reopen"}


def test_results_that_come_by_themselves_are_not_released_by_hand(
    browser: Client, exam: Exam, educator: User
) -> None:
    version = publishing.published(educator, exam=exam)
    close_exam(version=version, actor=educator.id)
    assert actions(browser, exam) == {"exam_reopen"}


def test_an_exam_without_end_offers_its_results_while_it_is_open(
    browser: Client, exam: Exam, educator: User
) -> None:
    publishing.published(educator, exam=exam, closes_at=None, release=Release.MANUAL)
    assert actions(browser, exam) == {"exam_close", "exam_end", "exam_release"}
    assert "open until you close it" in text(browser.get(at(exam, "share")))


def test_an_exam_that_opens_later_says_when(
    browser: Client, exam: Exam, educator: User
) -> None:
    opens = now() + DAY
    publishing.published(educator, exam=exam, opens_at=opens)
    assert "opens on " in text(browser.get(at(exam, "share")))
    assert "opens on " in text(browser.get(reverse("exams")))


def test_a_draft_is_not_shared_yet(browser: Client, exam: Exam) -> None:
    assert browser.get(at(exam, "share"))["Location"] == at(exam)
    Exam.objects.update(state=ExamState.FAILED)
    assert browser.get(at(exam, "share")).status_code == 404


def test_scripts_in_titles_and_names_are_shown_as_text(
    browser: Client, educator: User
) -> None:
    attack = "<script>alert(1)</script>"
    course = courses.course(educator, name=attack)
    courses.students(course, 1)
    exam = exams.reviewed(educator, title=attack)
    pages = [text(browser.get(at(exam)))]
    publishing.published(educator, exam=exam, course=course)
    names = ("share", "exam_close", "exam_end", "exam_release", "exam_delete")
    pages += [text(browser.get(at(exam, name))) for name in names]
    for page in pages:
        assert attack not in page
        assert escape(attack) in page


@pytest.mark.parametrize("name", ["publish", "share"])
def test_a_page_costs_as_many_queries_for_many_rows_as_for_few(
    browser: Client, educator: User, name: str
) -> None:
    counts = []
    for size in (2, 30):
        exam = exams.reviewed(educator, kinds=[Kind.ESSAY] * size)
        course = courses.course(educator)
        courses.students(course, size // 2, multiplier="1.5")
        courses.students(course, size - size // 2)
        if name == "share":
            publishing.published(educator, exam=exam, course=course)
        browser.get(at(exam, name))
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(at(exam, name)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10
