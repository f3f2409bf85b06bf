"""The live page: who works, who is done, more time, a word to all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from examgen.jobs.clock import now
from examgen.moments import written
from exams.content import Kind
from exams.models import ExamVersion
from exams.services import publishing
from scoring.models import Announcement, Attempt, Extension
from scoring.services import attempts as services
from tests.factories import attempts, courses, people, versions
from tests.factories.versions import right_answers
from tests.scoring.views.conftest import signed_in, url
from tests.scoring.views.test_taking import words

KINDS = (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)


@pytest.fixture
def version(educator: User, course: Course) -> ExamVersion:
    return versions.version(educator, course=course, kinds=KINDS, minutes=30)


def live(version: ExamVersion, name: str = "live") -> str:
    return reverse(name, args=[version.exam_id])


def rows(response: Any) -> list[str]:
    """The lines of the table of students, in words."""
    table = re.search(r"<tbody>.*</tbody>", response.content.decode(), re.DOTALL)
    lines = re.findall(r"<tr.*?</tr>", table[0] if table else "", re.DOTALL)
    blank = re.compile(r"<(svg)\b.*?</\1>|<[^>]+>", re.DOTALL)
    return [" ".join(blank.sub(" ", line).split()) for line in lines]


def test_it_tells_who_works_who_is_done_and_who_has_not_come(
    teacher: Client,
    course: Course,
    version: ExamVersion,
    student: User,
    classmate: User,
) -> None:
    courses.enrol(course, people.student("zoe@example.org", name="Zoe"))
    attempts.closed(version, classmate)
    attempt = attempts.started(version, student)
    question = next(iter(right_answers(version)))
    attempts.saved(attempt, {question: right_answers(version)[question]})
    fixed = attempt.started_at.replace(hour=9, minute=5)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=fixed, saved_at=fixed + timedelta(minutes=2)
    )
    done = Attempt.objects.get(user=classmate)
    times = f"{_time(done.started_at)} {_time(done.saved_at)}"
    page = teacher.get(live(version))
    assert page.status_code == 200
    assert rows(page) == [
        "sam@example.org Working 1 of 2 09:05 09:07 30 min",
        f"kim@example.org Handed in 2 of 2 {times} –",
        "Zoe Not begun – – – –",
    ]
    text = words(page)
    assert "Working 1 right now" in text
    assert "Handed in 1 of 3" in text
    assert "Not begun 1 of the course" in text


def _time(moment: Any) -> str:
    return written(moment, "time") if moment else "–"


def test_an_exam_nobody_is_to_take_says_how_they_come(
    teacher: Client, educator: User
) -> None:
    version = versions.version(educator, kinds=KINDS)
    text = words(teacher.get(live(version)))
    assert "Nobody has come yet. Share the link or the code." in text


def test_the_part_that_changes_comes_alone_and_asks_again_while_it_can(
    teacher: Client, version: ExamVersion, attempt: Attempt
) -> None:
    part = teacher.get(live(version), HTTP_HX_REQUEST="true")
    assert part.templates[0].name == "scoring/_room.html"
    body = part.content.decode()
    assert body.count("<html") == body.count("<form") == 0
    assert f'hx-get="{live(version)}" hx-trigger="every 5s"' in body
    assert rows(part) == rows(teacher.get(live(version)))
    publishing.close_exam(version=version, actor=version.exam.owner_id)
    part = teacher.get(live(version), HTTP_HX_REQUEST="true")
    assert "hx-get" in part.content.decode()
    attempts.submitted(attempt)
    part = teacher.get(live(version), HTTP_HX_REQUEST="true")
    assert "hx-get" not in part.content.decode()


def test_more_time_for_one(
    teacher: Client, version: ExamVersion, attempt: Attempt, classmate: User
) -> None:
    other = attempts.started(version, classmate)
    before = {row.pk: row.deadline for row in (attempt, other)}
    data = {"attempt": attempt.id, "minutes": "7", "reason": "Fire alarm"}
    said = teacher.post(live(version, "live_extend"), data, follow=True)
    assert said.redirect_chain == [(live(version), 302)]
    assert "sam@example.org has 7 more minutes." in words(said)
    after = {row.pk: row.deadline for row in Attempt.objects.all()}
    span = timedelta(minutes=7)
    assert after == {**before, attempt.pk: before[attempt.pk] + span}
    given = Extension.objects.get()
    assert (given.attempt, given.seconds, given.reason) == (attempt, 420, "Fire alarm")


def test_more_time_for_all(
    teacher: Client, version: ExamVersion, attempt: Attempt, classmate: User
) -> None:
    other = attempts.started(version, classmate)
    data = {"attempt": "all", "minutes": "7", "reason": "Fire alarm"}
    said = teacher.post(live(version, "live_extend"), data, follow=True)
    assert "Everybody who is working has 7 more minutes." in words(said)
    span = timedelta(minutes=7)
    assert {row.pk: row.deadline for row in Attempt.objects.all()} == {
        row.pk: row.deadline + span for row in (attempt, other)
    }
    # The reason is the educator's alone.
    seen = words(signed_in(attempt.user).get(url("attempt", attempt)))
    assert "Fire alarm" not in seen


def test_no_time_is_given_to_who_is_done(
    teacher: Client, version: ExamVersion, student: User
) -> None:
    attempt = attempts.closed(version, student)
    data = {"attempt": attempt.id, "minutes": "7", "reason": "x"}
    said = teacher.post(live(version, "live_extend"), data, follow=True)
    assert "No more time: it is over, or has no limit." in words(said)
    assert Extension.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"minutes": "601"}, "less than or equal to 600"),
        ({"minutes": "soon"}, "Enter a whole number."),
        ({"reason": ""}, "This field is required."),
        ({"attempt": ""}, "This field is required."),
        ({"reason": "x" * 501}, "at most 500 characters"),
    ],
)
def test_time_that_cannot_be_is_refused_beside_its_field(
    teacher: Client,
    version: ExamVersion,
    attempt: Attempt,
    wrong: dict[str, str],
    said: str,
) -> None:
    data = {"attempt": "all", "minutes": "7", "reason": "Fire alarm", **wrong}
    page = teacher.post(live(version, "live_extend"), data)
    assert page.status_code == 422
    (field,) = wrong
    assert said in words(page)
    assert f'aria-describedby="id_{field}' in page.content.decode()
    assert Extension.objects.count() == 0


def test_who_was_meant_is_still_meant_after_a_slip(
    teacher: Client, version: ExamVersion, attempt: Attempt
) -> None:
    """Else the second try would give everybody more time."""
    data = {"attempt": attempt.id, "minutes": "0", "reason": "x"}
    page = teacher.post(live(version, "live_extend"), data).content.decode()
    assert chosen(page) == [(str(attempt.id), "sam@example.org")]
    # Even if they hand in meanwhile.
    services.submit(attempt=attempt, received_at=now())
    page = teacher.post(live(version, "live_extend"), data).content.decode()
    assert chosen(page) == [(str(attempt.id), "sam@example.org, done")]


def chosen(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<option value="([^"]*)"\s+selected>\s*([^<]+?)\s*<', page)


def test_at_first_nobody_is_chosen(
    teacher: Client, version: ExamVersion, attempt: Attempt
) -> None:
    page = teacher.get(live(version)).content.decode()
    assert chosen(page) == [("", "Choose …")]


def test_more_time_for_nobody_is_not_told_as_given(
    teacher: Client, version: ExamVersion, student: User
) -> None:
    attempts.closed(version, student)
    data = {"attempt": "all", "minutes": "7", "reason": "Fire alarm"}
    said = teacher.post(live(version, "live_extend"), data, follow=True)
    assert "No more time: it is over, or has no limit." in words(said)
    assert Extension.objects.count() == 0


@pytest.mark.parametrize("named", ["no-attempt", "7", "\N{BULLET}"])
def test_time_for_nobody_is_not_found(
    teacher: Client, version: ExamVersion, attempt: Attempt, named: str
) -> None:
    data = {"attempt": named, "minutes": "7", "reason": "x"}
    assert teacher.post(live(version, "live_extend"), data).status_code == 404


def test_time_for_an_attempt_at_another_exam_is_not_found(
    teacher: Client, educator: User, course: Course, version: ExamVersion, student: User
) -> None:
    other = versions.version(educator, course=course, kinds=KINDS, minutes=30)
    attempt = attempts.started(other, student)
    data = {"attempt": attempt.id, "minutes": "7", "reason": "x"}
    assert teacher.post(live(version, "live_extend"), data).status_code == 404
    assert Extension.objects.count() == 0


def test_an_announcement_is_shown_to_who_takes_the_exam(
    teacher: Client, version: ExamVersion, attempt: Attempt
) -> None:
    data = {"text": "  Question 2:\n read “left” as <b>right</b>. "}
    said = teacher.post(live(version, "live_announce"), data, follow=True)
    assert said.redirect_chain == [(live(version), 302)]
    assert "Announced. Open exam pages show it within seconds." in words(said)
    row = Announcement.objects.get()
    assert row.text == "Question 2: read “left” as <b>right</b>."
    shown = "Question 2: read “left” as &lt;b&gt;right&lt;/b&gt;."
    assert shown in said.content.decode()
    taker = signed_in(attempt.user)
    for page in ("attempt", "hand_in"):
        assert shown in taker.get(url(page, attempt)).content.decode()
    polled = taker.get(url("attempt_answers", attempt)).json()
    assert polled["announcements"] == [
        {"id": str(row.id), "text": row.text, "at": row.created_at.isoformat()}
    ]


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_an_announcement_that_cannot_be_is_refused(
    teacher: Client, version: ExamVersion, text: str
) -> None:
    page = teacher.post(live(version, "live_announce"), {"text": text})
    assert page.status_code == 422
    assert Announcement.objects.count() == 0


def test_only_the_newest_five_announcements_are_listed(
    teacher: Client, version: ExamVersion
) -> None:
    for number in range(7):
        teacher.post(live(version, "live_announce"), {"text": f"Word {number}."})
    text = words(teacher.get(live(version)))
    assert [n for n in range(7) if f"Word {n}." in text] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("name", ["live", "live_extend", "live_announce"])
def test_it_does_not_exist_for_others(
    version: ExamVersion, colleague: User, student: User, name: str
) -> None:
    data = {"minutes": "7", "reason": "x", "text": "x"}
    for user, status in ((colleague, 404), (student, 403)):
        client = signed_in(user)
        ask = client.get if name == "live" else client.post
        assert ask(live(version, name), data).status_code == status
    assert Announcement.objects.count() == Extension.objects.count() == 0


def test_it_asks_as_often_for_two_as_for_twenty(
    teacher: Client,
    course: Course,
    version: ExamVersion,
    django_assert_num_queries: Any,
) -> None:
    def come(number: int) -> None:
        for n in range(number):
            user = people.student(f"{number}-{n}@example.org")
            courses.enrol(course, user)
            if n % 3:
                (attempts.closed if n % 2 else attempts.started)(version, user)

    come(2)
    teacher.get(live(version))
    with django_assert_num_queries(6) as two:
        teacher.get(live(version))
    come(18)
    with django_assert_num_queries(len(two.captured_queries)):
        teacher.get(live(version))
