"""The way to a board, and what it says to its educator about students."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from accounts.models import Course, User
from examgen.jobs.clock import now
from exams.content import Kind
from exams.policy import Release
from scoring.services import scoreboard
from tests.factories import attempts, versions
from tests.factories.versions import right_answers, sheet
from tests.scoring.views.conftest import signed_in, url
from tests.scoring.views.test_taking import words


def test_a_result_leads_to_its_board(
    educator: User, course: Course, student: User, browser: Client
) -> None:
    version = versions.version(
        educator,
        course=course,
        kinds=[Kind.TRUE_FALSE],
        release=Release.AT_SUBMIT,
    )
    attempt = attempts.closed(version, student, right_answers(version))
    board = reverse("scoreboard", args=[version.exam_id])
    assert f'href="{board}"' in browser.get(url("result", attempt)).content.decode()
    assert browser.get(board).status_code == 200


def test_the_educator_reads_whether_students_see_it(
    educator: User, course: Course, student: User
) -> None:
    kinds = [kind for kind in Kind if kind != Kind.ESSAY]
    version = versions.version(
        educator, course=course, kinds=kinds, release=Release.MANUAL
    )
    attempts.closed(version, student, right_answers(version))
    scoreboard.rebuild(version_id=version.id)
    browser = signed_in(educator)
    board = reverse("scoreboard", args=[version.exam_id])
    assert "Students see this after the release." in words(browser.get(board))
    version.released_at = now()
    version.save(update_fields=["released_at"])
    assert "Who took part sees it too." in words(browser.get(board))


def test_half_a_point_is_written_as_people_write_it(
    educator: User, course: Course, student: User
) -> None:
    version = versions.version(educator, course=course, kinds=[Kind.MATCHING])
    asked = sheet(version, Kind.MATCHING)
    right = version.key[asked["id"]]["right"]
    half = dict(list(right.items())[: len(right) // 2])
    attempts.closed(version, student, {asked["id"]: half})
    scoreboard.rebuild(version_id=version.id)
    page = signed_in(educator).get(reverse("scoreboard", args=[version.exam_id]))
    (entry,) = scoreboard.board(version)
    assert f">{entry.points.normalize():f}</td>" in page.content.decode()
