"""The start page and the pages of an exam, by plain forms."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Course, Enrolment, User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion
from exams.policy import Counting, Release
from scoring.models import Answer, Attempt, LateAnswer
from scoring.protocol import Item
from scoring.services import attempts as services
from scoring.services import closing
from scoring.views.exam_page import sheets_of
from tests.factories import attempts, people, versions
from tests.factories.versions import right_answer, right_answers, sheet
from tests.scoring.views.conftest import signed_in, url


def take_url(version: ExamVersion) -> str:
    return reverse("take", args=[version.exam_id])


def words(response) -> str:
    """The text of a page, its blanks as one."""
    plain = re.sub(
        r"<(script|svg)\b.*?</\1>|<[^>]+>",
        " ",
        response.content.decode(),
        flags=re.DOTALL,
    )
    return " ".join(plain.split())


def fields(published: ExamVersion, kind: Kind, value, **more) -> dict[str, object]:
    """What a browser sends for a page that was drawn before anything was answered."""
    asked = sheet(published, kind)
    data: dict[str, object] = {"question": asked["id"], "version": "0", "go": "next"}
    match kind:
        case Kind.MATCHING:
            data |= {f"left-{left}": right for left, right in value.items()}
        case Kind.TRUE_FALSE:
            data["answer"] = "true" if value else "false"
        case _:
            data["answer"] = value
    return data | more


def answer_of(version: ExamVersion, kind: Kind) -> Answer:
    return Answer.objects.get(question=sheet(version, kind)["id"])


# Start page


def test_the_start_page_tells_the_rules_and_this_students_time(
    educator: User, student: User, browser: Client, course: Course
) -> None:
    version = versions.version(
        educator,
        course=course,
        minutes=30,
        attempts=2,
        counting=Counting.LAST,
        pass_percent="60",
        release=Release.MANUAL,
    )
    text = words(browser.get(take_url(version)))
    assert "8 questions" in text
    assert "8 points" in text
    assert "30 minutes" in text
    assert "If you start now until" in text
    assert "You may take it 2 times. The last attempt counts." in text
    assert "You pass with 60 % of the points." in text
    assert "You will see results when your educator releases them." in text
    assert "extra time" not in text
    Enrolment.objects.filter(user=student).update(multiplier="1.5")
    text = words(browser.get(take_url(version)))
    assert "45 minutes with your extra time" in text


def test_no_question_is_on_the_start_page(
    browser: Client, version: ExamVersion
) -> None:
    page = browser.get(take_url(version)).content.decode()
    for asked in version.questions:
        assert asked["id"] not in page
        assert asked["stem"] not in page


def test_a_start_leads_to_the_attempt_and_a_second_to_the_same(
    browser: Client, version: ExamVersion
) -> None:
    for _ in range(2):
        response = browser.post(take_url(version))
        attempt = Attempt.objects.get()
        assert response.status_code == 302
        assert response["Location"] == url("attempt", attempt)
    assert "Go on with your attempt" in words(browser.get(take_url(version)))


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        (timedelta(hours=1), timedelta(hours=2), "The exam has not opened yet."),
        (timedelta(hours=-2), timedelta(hours=-1), "The exam is closed."),
    ],
)
def test_outside_the_window_the_page_says_why_there_is_no_start(
    educator: User,
    browser: Client,
    course: Course,
    *,
    opens: timedelta,
    closes: timedelta,
    said: str,
) -> None:
    at = now()
    version = versions.version(
        educator, course=course, opens_at=at + opens, closes_at=at + closes
    )
    assert said in words(browser.get(take_url(version)))
    assert browser.post(take_url(version))["Location"] == take_url(version)
    assert not Attempt.objects.exists()


def test_earlier_attempts_are_listed_and_no_further_one_is_offered(
    browser: Client, student: User, version: ExamVersion
) -> None:
    attempt = attempts.closed(version, student)
    response = browser.get(take_url(version))
    assert "You have used all your attempts." in words(response)
    assert url("receipt", attempt) in response.content.decode()
    assert b"<form" not in response.content.split(b"<main")[1]


def test_the_owner_sees_what_students_see_and_cannot_start(
    teacher: Client, version: ExamVersion
) -> None:
    assert "This is your own exam." in words(teacher.get(take_url(version)))
    teacher.post(take_url(version))
    assert not Attempt.objects.exists()


def test_the_exam_of_a_course_does_not_exist_for_others(version: ExamVersion) -> None:
    stranger = signed_in(people.student("zoe@example.org"))
    assert stranger.get(take_url(version)).status_code == 404
    assert stranger.post(take_url(version)).status_code == 404


def test_an_exam_without_course_is_open_to_whoever_has_the_link(
    educator: User,
) -> None:
    version = versions.version(educator)
    stranger = signed_in(people.student("zoe@example.org"))
    assert stranger.get(take_url(version)).status_code == 200


def test_the_newest_version_is_the_one_to_take(
    educator: User, browser: Client, course: Course, version: ExamVersion
) -> None:
    newer = versions.version(educator, exam=version.exam, course=course)
    browser.post(take_url(version))
    assert Attempt.objects.get().version == newer


# Pages of an exam


def test_a_page_shows_one_question_and_how_all_stand(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    first, second, third, *_ = sheets_of(attempt)
    attempts.saved(attempt, {second.id: right_answer(version, second.id)})
    services.save(
        attempt=attempt,
        items=[Item(third.id, 0, None, flagged=True)],
        tab="",
        received_at=now(),
    )
    page = browser.get(url("attempt", attempt), {"q": "1"}).content.decode()
    assert f'name="question" value="{first.id}"' in page
    labels = re.findall(r'aria-label="(Question \d+,[^"]*)"', page)
    assert labels == [
        "Question 1, seen, no answer",
        "Question 2, answered",
        "Question 3, seen, no answer, flagged",
        *(f"Question {number}, not seen" for number in range(4, 9)),
    ]
    text = words(browser.get(url("attempt", attempt), {"q": "1"}))
    assert "Question 1 of 8" in text
    assert "1 answered 7 open 1 flagged" in text


def test_whoever_comes_back_goes_on_where_something_is_open(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    first, second, third, *_ = sheets_of(attempt)
    given = right_answers(version)
    attempts.saved(attempt, {first.id: given[first.id], second.id: given[second.id]})
    for query in ({}, {"q": "99"}, {"q": "-1"}, {"q": "x"}, {"q": "٣"}):
        page = browser.get(url("attempt", attempt), query).content.decode()
        assert f'name="question" value="{third.id}"' in page


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_answered_by_a_plain_form_and_shown_again(
    browser: Client, version: ExamVersion, attempt: Attempt, kind: Kind
) -> None:
    value = right_answer(version, sheet(version, kind)["id"])
    response = browser.post(url("attempt", attempt), fields(version, kind, value))
    assert response.status_code == 302
    row = answer_of(version, kind)
    assert (row.version, row.value) == (1, value)
    number = next(s.number for s in sheets_of(attempt) if s.kind == kind)
    page = browser.get(url("attempt", attempt), {"q": number}).content.decode()
    assert 'name="version" value="1"' in page
    shown = page.split("<fieldset" if "<fieldset" in page else 'class="eg-q"')[1]
    match kind:
        case Kind.SINGLE_CHOICE | Kind.MULTIPLE_CHOICE:
            checked = re.findall(r'value="(\w+)"\s+type="\w+"\s+checked', shown)
            assert sorted(checked) == sorted(
                [value] if isinstance(value, str) else value
            )
        case Kind.TRUE_FALSE:
            assert re.search(r'value="true"\s+checked', shown)
        case Kind.MATCHING:
            chosen = re.findall(r'<option value="(\w+)" selected', shown)
            assert sorted(chosen) == sorted(value.values())
        case Kind.ORDERING:
            assert re.findall(r'name="answer" value="(\w+)"', shown) == value
        case Kind.ESSAY:
            assert f"\n{value}</textarea>" in shown
        case _:
            assert f'value="{value}"' in shown


def test_a_form_that_is_sent_again_unchanged_changes_nothing(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    data = fields(version, Kind.SHORT_ANSWER, "guard cells")
    for version_shown in ("0", "1", "1"):
        browser.post(url("attempt", attempt), data | {"version": version_shown})
    assert answer_of(version, Kind.SHORT_ANSWER).version == 1
    assert attempt.log.count() == 1


def test_an_empty_page_marks_its_question_as_seen(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    for kind in Kind:
        asked = sheet(version, kind)
        data = {"question": asked["id"], "version": "0", "go": "next", "answer": ""}
        if kind == Kind.ORDERING:
            data |= {"answer": [i["id"] for i in asked["items"]], "untouched": "1"}
        if kind in (Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE):
            del data["answer"]
        assert browser.post(url("attempt", attempt), data).status_code == 302
    rows = Answer.objects.values_list("version", "value")
    assert list(rows) == [(0, None)] * 8


def test_an_answer_can_be_taken_back(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    given = right_answers(version)
    attempts.saved(attempt, given)
    for kind in (Kind.SHORT_ANSWER, Kind.MATCHING, Kind.MULTIPLE_CHOICE):
        empty = {"question": sheet(version, kind)["id"], "version": "1", "go": "next"}
        browser.post(url("attempt", attempt), empty)
        row = answer_of(version, kind)
        assert (row.version, row.value) == (2, None)


@pytest.mark.parametrize(
    ("go", "there"),
    [("next", 5), ("prev", 3), ("7", 7), ("99", 8), ("", 4), ("stay", 4)],
)
def test_every_button_saves_and_leads_on(
    browser: Client, version: ExamVersion, attempt: Attempt, go: str, there: int
) -> None:
    fourth = sheets_of(attempt)[3]
    value = right_answer(version, fourth.id)
    data = fields(version, fourth.kind, value, go=go)
    response = browser.post(url("attempt", attempt), data)
    assert response["Location"] == f"{url('attempt', attempt)}?q={there}"
    assert Answer.objects.get().value == value


@pytest.mark.parametrize(("number", "go"), [(8, "next"), (2, "review")])
def test_the_last_page_and_the_review_button_lead_to_handing_in(
    browser: Client, version: ExamVersion, attempt: Attempt, number: int, go: str
) -> None:
    asked = sheets_of(attempt)[number - 1]
    data = fields(version, asked.kind, right_answer(version, asked.id), go=go)
    response = browser.post(url("attempt", attempt), data)
    assert response["Location"] == url("hand_in", attempt)
    assert Answer.objects.count() == 1


def test_a_flag_is_set_and_taken_away_and_the_answer_saved_with_it(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    data = fields(version, Kind.SHORT_ANSWER, "guard cells", flag="1")
    del data["go"]
    number = next(s.number for s in sheets_of(attempt) if s.kind == Kind.SHORT_ANSWER)
    response = browser.post(url("attempt", attempt), data)
    assert response["Location"] == f"{url('attempt', attempt)}?q={number}"
    row = answer_of(version, Kind.SHORT_ANSWER)
    assert (row.flagged, row.value) == (True, "guard cells")
    browser.post(url("attempt", attempt), data | {"version": "1", "flag": "0"})
    assert not answer_of(version, Kind.SHORT_ANSWER).flagged


def test_things_are_moved_up_and_down_by_plain_buttons(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    asked = next(s for s in sheets_of(attempt) if s.kind == Kind.ORDERING)
    first, second = (item.id for item in asked.items)
    data = {
        "question": asked.id,
        "version": "0",
        "answer": [first, second],
        "untouched": "1",
    }
    response = browser.post(url("attempt", attempt), data | {"move": f"{first}:down"})
    assert (
        response["Location"]
        == f"{url('attempt', attempt)}?q={asked.number}#item-{first}"
    )
    assert answer_of(version, Kind.ORDERING).value == [second, first]
    back = {"question": asked.id, "version": "1", "answer": [second, first]}
    browser.post(url("attempt", attempt), back | {"move": f"{first}:up"})
    assert answer_of(version, Kind.ORDERING).value == [first, second]
    # Beyond the end nothing moves.
    top = {"question": asked.id, "version": "2", "answer": [first, second]}
    browser.post(url("attempt", attempt), top | {"move": f"{first}:up"})
    assert answer_of(version, Kind.ORDERING).version == 2


def test_an_order_that_is_right_already_can_be_kept(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    asked = next(s for s in sheets_of(attempt) if s.kind == Kind.ORDERING)
    order = [item.id for item in asked.items]
    data = {"question": asked.id, "version": "0", "answer": order, "untouched": "1"}
    browser.post(url("attempt", attempt), data | {"go": "keep"})
    assert answer_of(version, Kind.ORDERING).value == order


def test_what_cannot_be_stored_is_shown_again_with_the_reason(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    data = fields(version, Kind.SHORT_ANSWER, "x" * 501)
    response = browser.post(url("attempt", attempt), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "x" * 501 in page
    assert 'aria-describedby="answer-error"' in page
    assert "This answer is too long. Shorten it, then save again." in words(response)
    assert not Answer.objects.exists()


def test_a_page_of_an_older_answer_that_nobody_changed_replaces_nothing(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    """Two tabs: one answers twice more, the other is only left by its button."""
    question = sheet(version, Kind.SHORT_ANSWER)["id"]
    for number, text in enumerate(["leaf", "stem", "guard cells"], start=1):
        item = Item(question, number, text)
        services.save(attempt=attempt, items=[item], tab="other", received_at=now())
    data = fields(version, Kind.SHORT_ANSWER, "leaf", version="1")
    response = browser.post(url("attempt", attempt), data, follow=True)
    assert answer_of(version, Kind.SHORT_ANSWER).value == "guard cells"
    assert "Another tab has saved a newer answer. It is kept." in words(response)


@pytest.mark.parametrize("go", ["next", "review"])
def test_what_is_done_last_counts_and_is_told(
    browser: Client, version: ExamVersion, attempt: Attempt, go: str
) -> None:
    attempts.saved(attempt, {sheet(version, Kind.SHORT_ANSWER)["id"]: "leaf"})
    data = fields(version, Kind.SHORT_ANSWER, "guard cells", go=go)
    response = browser.post(url("attempt", attempt), data, follow=True)
    row = answer_of(version, Kind.SHORT_ANSWER)
    assert (row.version, row.value) == (2, "guard cells")
    assert "This one replaced it." in words(response)


def test_a_question_of_another_exam_is_not_found(
    educator: User, browser: Client, attempt: Attempt, course: Course
) -> None:
    other = versions.version(educator, course=course)
    data = fields(other, Kind.SHORT_ANSWER, "guard cells")
    assert browser.post(url("attempt", attempt), data).status_code == 404
    assert browser.post(url("attempt", attempt), {}).status_code == 404


@pytest.mark.parametrize("shown", ["-1", "1e9", "", "9" * 20, "9" * 5000, "x", "٣"])
def test_a_version_that_is_none_is_taken_for_nothing_shown(
    browser: Client, version: ExamVersion, attempt: Attempt, shown: str
) -> None:
    data = fields(version, Kind.SHORT_ANSWER, "guard cells", version=shown)
    assert browser.post(url("attempt", attempt), data).status_code == 302
    assert answer_of(version, Kind.SHORT_ANSWER).version == 1


def test_after_the_end_the_answer_is_kept_apart_and_the_receipt_shown(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    attempts.run_out(attempt)
    data = fields(version, Kind.SHORT_ANSWER, "guard cells")
    response = browser.post(url("attempt", attempt), data, follow=True)
    assert "Your time was over at" in words(response)
    assert "1 answer came after the end." in words(response)
    assert LateAnswer.objects.get().value == "guard cells"


def test_after_the_end_nobody_is_asked_to_mend_an_answer(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    attempts.run_out(attempt)
    data = fields(version, Kind.SHORT_ANSWER, "x" * 501)
    response = browser.post(url("attempt", attempt), data)
    assert response["Location"] == url("receipt", attempt)


def test_an_expired_attempt_is_closed_when_it_is_looked_at(
    browser: Client, attempt: Attempt
) -> None:
    attempts.run_out(attempt)
    response = browser.get(url("attempt", attempt))
    assert response["Location"] == url("receipt", attempt)
    assert Attempt.objects.get().closed_by == "clock"


def test_of_an_attempt_that_was_taken_out_the_student_is_told(
    browser: Client, educator: User, attempt: Attempt
) -> None:
    closing.void(attempt=attempt, reason="The fire alarm rang.", actor=educator)
    response = browser.get(url("attempt", attempt), follow=True)
    assert "This attempt was taken out" in words(response)
    assert "The fire alarm rang." in words(response)


def test_announcements_stand_on_the_page(
    browser: Client, educator: User, attempt: Attempt, version: ExamVersion
) -> None:
    version.announcements.create(
        text="Question 3: mm is meant.", announced_by=educator, created_at=now()
    )
    for name in ("attempt", "hand_in"):
        assert "Question 3: mm is meant." in words(browser.get(url(name, attempt)))


def test_what_students_write_is_text_and_nothing_else(
    browser: Client, version: ExamVersion, attempt: Attempt
) -> None:
    evil = '</textarea><script>alert(1)</script>" onfocus="'
    for kind in (Kind.ESSAY, Kind.SHORT_ANSWER):
        browser.post(url("attempt", attempt), fields(version, kind, evil))
        number = next(s.number for s in sheets_of(attempt) if s.kind == kind)
        page = browser.get(url("attempt", attempt), {"q": number}).content.decode()
        assert "<script>alert" not in page
        assert '" onfocus=' not in page


# What it costs


@pytest.mark.parametrize("times", [1, 5])
def test_pages_take_as_many_queries_for_many_questions_as_for_few(
    educator: User,
    student: User,
    browser: Client,
    course: Course,
    *,
    times: int,
    django_assert_num_queries,
) -> None:
    version = versions.version(educator, course=course, kinds=list(Kind) * times)
    # The session with its person; version; enrolment and attempts; unread messages.
    with django_assert_num_queries(5):
        browser.get(take_url(version))
    # The same and: savepoint and its end, attempt, event.
    with django_assert_num_queries(8):
        browser.post(take_url(version))
    attempt = Attempt.objects.get()
    attempts.saved(attempt, right_answers(version))
    # The session with its person; attempt; answers; announcements.
    with django_assert_num_queries(4):
        browser.get(url("attempt", attempt), {"q": "1"})
    data = fields(version, Kind.SHORT_ANSWER, "roots", version="1")
    # The session with its person; attempt; savepoint and its end, the row held, the answer
    # twice, upsert, log, last save.
    with django_assert_num_queries(10):
        browser.post(url("attempt", attempt), data)
