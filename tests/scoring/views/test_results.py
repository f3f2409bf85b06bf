"""The result: the score, each miss with its proof, and nothing before its time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.models import ExamVersion, Page
from exams.policy import Release, Several
from scoring.models import Attempt, Grade, LateAnswer
from scoring.protocol import Item
from scoring.services import attempts as services
from scoring.services import closing
from tests.factories import attempts, exams, people, versions
from tests.factories.versions import right_answers, sheet, wrong_answers
from tests.scoring.views.conftest import signed_in, url
from tests.scoring.views.test_taking import words
from tests.test_routes import read_out

MACHINE = [kind for kind in Kind if kind != Kind.ESSAY]


@pytest.fixture
def publish(educator: User, course: Course):
    """Results at once, unless told otherwise."""

    def make(**rules: object) -> ExamVersion:
        at_once = {"kinds": MACHINE, "release": Release.AT_SUBMIT}
        return versions.version(educator, course=course, **{**at_once, **rules})

    return make


def part(response, kind: Kind, version: ExamVersion) -> str:
    """The words of the article about the question of this kind."""
    stem = sheet(version, kind)["stem"]
    articles = re.findall(
        r"<article.*?</article>", response.content.decode(), re.DOTALL
    )
    (found,) = [article for article in articles if f">{stem}</p>" in article]
    return " ".join(
        re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found, flags=re.DOTALL).split()
    )


# What is shown


def test_the_score_and_whether_it_is_enough(
    publish, browser: Client, student: User
) -> None:
    version = publish(pass_percent="50", kinds=[Kind.TRUE_FALSE] * 3)
    given = right_answers(version)
    missed = next(iter(given))
    attempt = attempts.closed(version, student, given | {missed: False})
    text = words(browser.get(url("result", attempt)))
    assert "2 of 3 points" in text
    assert "66.7 %" in text
    assert "passed, 50 % needed" in text
    assert "1 question to look at again" in text
    assert "2 questions answered rightly" in text


@pytest.mark.parametrize(
    ("needed", "said"), [("66", "passed,"), ("67", "not passed,"), (None, None)]
)
def test_the_pass_mark_is_compared_exactly(
    publish, browser: Client, student: User, *, needed: str | None, said: str | None
) -> None:
    version = publish(pass_percent=needed, kinds=[Kind.TRUE_FALSE] * 3)
    given = right_answers(version)
    attempt = attempts.closed(version, student, given | {next(iter(given)): False})
    text = words(browser.get(url("result", attempt)))
    found = re.search(r"(not )?passed,", text)
    assert (found and found[0]) == said


def test_each_miss_has_the_answer_the_right_one_and_the_lit_page(
    publish, browser: Client, student: User
) -> None:
    version = publish()
    attempt = attempts.closed(version, student, wrong_answers(version))
    response = browser.get(url("result", attempt))
    assert "7 questions to look at again" in words(response)
    expected = {
        Kind.SINGLE_CHOICE: "Chlorophyll Yes. Right",
        Kind.TRUE_FALSE: "Your answer False Right True",
        Kind.SHORT_ANSWER: "Your answer Nothing that the lecture says. Right guard cells",
        Kind.NUMERIC: "Your answer -1 Right 300.5 per mm² give or take 0.25",
        Kind.MATCHING: "Pigment Stoma Chlorophyll",
        Kind.ORDERING: "Your order Calvin cycle Light reactions In the right order "
        "Light reactions Calvin cycle",
    }
    for kind, said in expected.items():
        assert said in part(response, kind, version), kind
    for kind in MACHINE:
        text = part(response, kind, version)
        assert "0 of 1 point" in text
        assert exams.QUOTES[kind] in text
        assert "word for word" in text
    page = response.content.decode()
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert set(pictures) == {url("result_page", attempt, n) for n in (1, 2)}
    assert page.count('class="eg-lit"') >= 7
    assert f"<mark>{exams.PORES}</mark>" in page


def test_an_explanation_that_says_more_than_the_sentence_is_shown(
    publish, browser: Client, student: User
) -> None:
    question = exams.question(
        Kind.TRUE_FALSE, explanation="Because leaves are green.", evidence=()
    )
    version = publish(questions=[question])
    attempt = attempts.closed(version, student, wrong_answers(version))
    text = words(browser.get(url("result", attempt)))
    assert "Why Because leaves are green." in text


def test_what_was_not_answered_and_what_could_not_be_read_is_said(
    publish, browser: Client, student: User
) -> None:
    version = publish(kinds=[Kind.NUMERIC, Kind.TRUE_FALSE])
    number = sheet(version, Kind.NUMERIC)["id"]
    attempt = attempts.closed(version, student, {number: "very many"})
    response = browser.get(url("result", attempt))
    said = part(response, Kind.NUMERIC, version)
    assert "This could not be read as a number." in said
    assert "No answer" in part(response, Kind.TRUE_FALSE, version)


def test_what_is_partly_right_is_a_miss_with_its_points(
    publish, browser: Client, student: User
) -> None:
    version = publish(kinds=[Kind.MULTIPLE_CHOICE], several=Several.PROPORTIONAL)
    name = sheet(version, Kind.MULTIPLE_CHOICE)["id"]
    half = {name: right_answers(version)[name][:1]}
    attempt = attempts.closed(version, student, half)
    text = words(browser.get(url("result", attempt)))
    assert "Partly right 0.5 of 1 point" in text


def test_a_negative_score_is_shown_as_it_is(
    publish, browser: Client, student: User
) -> None:
    version = publish(
        kinds=[Kind.MULTIPLE_CHOICE], several=Several.PENALTY, negative_marking=True
    )
    attempt = attempts.closed(version, student, wrong_answers(version))
    response = browser.get(url("result", attempt))
    assert "-1 of 1 point" in words(response)
    assert '<rect width="0"' in response.content.decode()


def test_the_comment_of_a_person_is_shown(
    publish, browser: Client, student: User, educator: User
) -> None:
    version = publish(kinds=[Kind.ESSAY])
    attempt = attempts.closed(version, student)
    waiting = words(browser.get(url("result", attempt)))
    assert "1 answer is still being read." in waiting
    assert "Not graded yet" in waiting
    first = attempt.grades.get()
    (name,) = first.marks
    mark = {"points": "0.5", "max": "1", "by": "person", "comment": "Two\nstages."}
    Grade.objects.create(
        attempt=attempt,
        revision=2,
        key_sha256=first.key_sha256,
        points="0.5",
        max_points=1,
        marks={name: mark},
        complete=True,
        graded_by=educator,
        created_at=now(),
    )
    text = words(browser.get(url("result", attempt)))
    assert "Your educator says Two stages." in text
    assert "0.5 of 1 point" in text


def test_answers_are_text_and_nothing_else(
    publish, browser: Client, student: User
) -> None:
    evil = "<script>alert(1)</script>"
    version = publish(kinds=[Kind.SHORT_ANSWER, Kind.ESSAY, Kind.NUMERIC])
    given = dict.fromkeys(right_answers(version), evil)
    attempt = attempts.closed(version, student, given)
    page = browser.get(url("result", attempt)).content.decode()
    assert evil not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3


# When it is shown


def test_before_the_release_the_receipt_says_when(
    publish, browser: Client, student: User
) -> None:
    version = publish(release=Release.MANUAL)
    attempt = attempts.closed(version, student)
    response = browser.get(url("result", attempt), follow=True)
    assert response.redirect_chain == [(url("receipt", attempt), 302)]
    assert "when your educator releases them" in words(response)
    ExamVersion.objects.filter(pk=version.pk).update(released_at=now())
    assert browser.get(url("result", attempt)).status_code == 200


def test_while_another_attempt_is_possible_only_ones_own_answers_are_marked(
    publish, browser: Client, student: User
) -> None:
    version = publish(attempts=2)
    attempt = attempts.closed(version, student, wrong_answers(version))
    response = browser.get(url("result", attempt))
    page, text = response.content.decode(), words(response)
    assert "0 of 7 points" in text
    assert "shown when you can start no other attempt" in text
    for hidden in ("is-key", "is-miss", "eg-evidence", "eg-lit", "<mark>", "<img"):
        assert hidden not in page
    for quote in {exams.QUOTES[kind] for kind in MACHINE} - {exams.PIGMENT}:
        assert quote not in page
    assert "300.5" not in page
    assert browser.get(url("result_page", attempt, 1)).status_code == 404


def test_there_is_no_result_of_an_open_attempt(
    publish, browser: Client, student: User
) -> None:
    attempt = attempts.started(publish(), student)
    response = browser.get(url("result", attempt))
    assert response["Location"] == url("attempt", attempt)
    assert browser.get(url("result_page", attempt, 1)).status_code == 404


def test_an_attempt_that_was_taken_out_has_none_for_its_student(
    publish, browser: Client, teacher: Client, educator: User, student: User
) -> None:
    attempt = attempts.closed(publish(), student)
    closing.void(attempt=attempt, reason="Fire alarm", actor=educator)
    response = browser.get(url("result", attempt))
    assert response["Location"] == url("receipt", attempt)
    assert teacher.get(url("result", attempt)).status_code == 200


# To whom


def test_the_educator_sees_the_result_before_everybody(
    publish, teacher: Client, student: User
) -> None:
    version = publish(release=Release.MANUAL)
    attempt = attempts.closed(version, student)
    text = words(teacher.get(url("result", attempt)))
    assert student.email in text
    assert "7 of 7 points" in text
    picture = teacher.get(url("result_page", attempt, 1))
    assert picture.status_code == 200
    read_out(picture)


def test_results_of_others_do_not_exist(
    publish, student: User, classmate: User, colleague: User
) -> None:
    attempt = attempts.closed(publish(), student)
    for person in (classmate, colleague, people.admin("a@example.org")):
        client = signed_in(person)
        for address in (url("result", attempt), url("result_page", attempt, 1)):
            assert client.get(address).status_code == 404


# Pictures


def test_the_picture_of_a_cited_page_is_sent_and_kept_by_the_browser_alone(
    publish, browser: Client, student: User
) -> None:
    attempt = attempts.closed(publish(), student)
    response = browser.get(url("result_page", attempt, 2))
    assert b"".join(response.streaming_content) == exams.PICTURE
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "private, no-cache"
    tag = response["ETag"]
    again = browser.get(url("result_page", attempt, 2), HTTP_IF_NONE_MATCH=tag)
    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"


def test_a_picture_that_is_known_is_hidden_with_the_key(
    publish, browser: Client, student: User
) -> None:
    version = publish()
    attempt = attempts.closed(version, student)
    address = url("result_page", attempt, 2)
    first = browser.get(address)
    read_out(first)
    tag = first["ETag"]
    assert browser.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304
    closing.void(attempt=attempt, reason="x", actor=version.exam.owner)
    assert browser.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 404


def test_a_page_that_no_question_cites_is_not_shown(
    publish, browser: Client, student: User
) -> None:
    version = publish(kinds=[Kind.SINGLE_CHOICE])
    attempt = attempts.closed(version, student)
    for number, status in [(1, 200), (2, 404), (3, 404), (0, 404)]:
        response = browser.get(url("result_page", attempt, number))
        assert response.status_code == status
        read_out(response)


def test_without_a_picture_the_page_is_read(
    publish, browser: Client, student: User
) -> None:
    version = publish(kinds=[Kind.NUMERIC])
    Page.objects.update(image="", thumbnail="")
    attempt = attempts.closed(version, student, wrong_answers(version))
    page = browser.get(url("result", attempt)).content.decode()
    assert "<img" not in page
    assert f"<mark>{exams.PORES}</mark>" in page


# What it costs


@pytest.mark.parametrize("times", [1, 5])
def test_the_result_takes_as_many_queries_for_many_questions_as_for_few(
    publish, browser: Client, student: User, *, times: int, django_assert_num_queries
) -> None:
    version = publish(kinds=MACHINE * times)
    attempt = attempts.closed(version, student, wrong_answers(version))
    # The session with its person; attempt; score: grade; key: enrolment and attempts; the grade
    # shown; the key; pages and their blocks; unread messages.
    with django_assert_num_queries(10):
        browser.get(url("result", attempt))


def test_results_after_the_close_wait_for_the_last_who_takes_it(
    publish, browser: Client, student: User, classmate: User
) -> None:
    version = publish(release=Release.AFTER_CLOSE, minutes=30)
    attempt = attempts.closed(version, student)
    slow = attempts.started(version, classmate)
    ExamVersion.objects.update(closed_at=now() - timedelta(minutes=1))
    assert browser.get(url("result", attempt)).status_code == 302
    attempts.run_out(slow)
    closing.close_expired()
    assert browser.get(url("result", attempt)).status_code == 200
    assert Attempt.objects.filter(state="closed").count() == 2


# What came too late


def send_late(attempt: Attempt, answers: dict[str, object], **when: object) -> None:
    services.save(
        attempt=attempt,
        items=[Item(name, 7, value, **when) for name, value in answers.items()],
        tab="",
        received_at=now(),
    )


def test_an_educator_reads_what_came_after_the_end_and_when(
    publish, browser: Client, teacher: Client, student: User
) -> None:
    version = publish(kinds=list(Kind))
    attempt = attempts.closed(version, student)
    assert "after the end" not in words(teacher.get(url("result", attempt)))
    at = datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)
    send_late(attempt, wrong_answers(version), client_at=at)
    essay = sheet(version, Kind.ESSAY)["id"]
    send_late(attempt, {essay: "<b>Too late</b>"})
    LateAnswer.objects.update(received_at=at + timedelta(hours=2))
    page = teacher.get(url("result", attempt))
    text = words(page)
    assert f"{len(Kind) + 1} answers came after the end Kept as they came" in text
    both = "received 4 May 2026, 12:11:12 given 4 May 2026, 10:11:12 by the student"
    assert text.count(both) == len(Kind)
    assert text.count("the student's clock told nothing") == 1
    assert "&lt;b&gt;Too late&lt;/b&gt;" in page.content.decode()
    assert text.count("Nothing that the lecture says.") == 2
    # It counts for nothing, and is the educator's alone.
    assert Grade.objects.count() == 1
    mine = words(browser.get(url("result", attempt)))
    assert "after the end" not in mine
    assert "Too late" not in mine
    live = words(teacher.get(reverse("live", args=[version.exam_id])))
    assert "sam@example.org Handed in Answers came late" in live


def test_late_answers_fill_pages_and_ask_as_often_for_two_as_for_twenty(
    publish, teacher: Client, student: User, django_assert_max_num_queries
) -> None:
    version = publish(kinds=[Kind.SHORT_ANSWER])
    attempt = attempts.closed(version, student)
    (name,) = right_answers(version)
    counted = []
    for more in (range(2), range(2, 23)):
        for number in more:
            send_late(attempt, {name: f"late {number}"})
        teacher.get(url("result", attempt))
        with django_assert_max_num_queries(15) as captured:
            teacher.get(url("result", attempt))
        counted.append(len(captured.captured_queries))
    assert counted[0] == counted[1]
    first, second = (
        words(teacher.get(url("result", attempt), {"page": page})) for page in (1, 2)
    )
    assert "late 22" in first
    assert "late 2 " not in first
    assert "23 answers came after the end" in second
    assert "late 2 " in second
