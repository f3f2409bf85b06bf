"""No byte from which a key could be told reaches a student before its time.

Everything that only the key knows carries a marker. A student then asks for all that
there is to ask for, in every state of exam and attempt, and no answer may hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Course, User
from examgen.jobs.clock import now
from exams import content
from exams.content import Evidence, Kind, Option
from exams.models import ExamVersion
from exams.policy import Release
from scoring.models import Attempt
from scoring.services import closing
from tests.factories import attempts, exams, people, versions
from tests.scoring.views.conftest import send, signed_in
from tests.test_routes import routes

CANARY = "canary"
NUMBER = Decimal("7731.125")

# Every body with the marker in whatever stands in the key alone. Options, sides and
# things stand on the paper: of these the key only knows which are right.
BODIES: dict[Kind, content.Body] = {
    **exams.BODIES,
    Kind.SINGLE_CHOICE: content.SingleChoice(
        tuple(
            replace(option, feedback=f"{CANARY} feedback")
            for option in exams.SINGLE.options
        )
    ),
    Kind.MULTIPLE_CHOICE: content.MultipleChoice(
        (
            Option("a", "Light reactions", correct=True, feedback=CANARY),
            Option("b", "Citric acid cycle", feedback=CANARY),
        )
    ),
    Kind.SHORT_ANSWER: content.ShortAnswer((f"{CANARY} cells", CANARY)),
    Kind.NUMERIC: content.Numeric(NUMBER, Decimal("0.0625"), "m"),
    Kind.ESSAY: content.Essay(f"{CANARY} rubric"),
}


def _question(kind: Kind) -> content.Question:
    return exams.question(
        kind,
        stem=f"A question of kind {kind.value}?",
        body=BODIES[kind],
        topic=f"{CANARY} topic",
        explanation=f"{CANARY} explanation",
        evidence=(Evidence(1, 0, 6, f"{CANARY} quote"),),
    )


SECRETS = (CANARY, str(NUMBER), "0.0625")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a student asked for, and all that came back."""

    what: str
    status: int
    body: bytes


def _addresses(version: ExamVersion, attempt: Attempt | None) -> Iterator[str]:
    """Every address of the site that a student could fill in for this exam."""
    known = {
        "exam_id": version.exam_id,
        "lecture_id": version.exam.lecture_id,
        "version_id": version.id,
        "attempt_id": attempt.id if attempt else version.id,
        "code": version.code,
        "question_id": version.questions[0]["id"],
        "course_id": version.course_id,
        "number": 1,
        "size": "large",
    }
    for route in routes(get_resolver("examgen.urls")):
        if route.pattern.startswith(("/admin/", "/accounts/")):
            continue
        try:
            yield route.url(known)
        except KeyError:
            continue


def _ask_everything(
    client: Client, version: ExamVersion, attempt: Attempt | None
) -> Iterator[Asked]:
    for address in _addresses(version, attempt):
        yield _asked(f"GET {address}", client.get(address))
        yield _asked(
            f"GET {address} (htmx)", client.get(address, HTTP_HX_REQUEST="true")
        )
    if attempt is None:
        return
    page = reverse("attempt", args=[attempt.id])
    for number in range(1, 9):
        yield _asked(f"GET {page}?q={number}", client.get(page, {"q": number}))
    answers = reverse("attempt_answers", args=[attempt.id])
    for asked in version.questions:
        item = {"q": asked["id"], "v": 1, "value": "wrong"}
        yield _asked(f"POST {answers}", send(client, answers, {"items": [item]}))
        data = {"question": asked["id"], "version": "0", "answer": "wrong"}
        yield _asked(f"POST {page}", client.post(page, data, follow=True))


def _asked(what: str, response: Any) -> Asked:
    parts = response.streaming_content if response.streaming else [response.content]
    body = b"".join(parts)
    headers = str(response.headers).encode()
    return Asked(what, response.status_code, body + headers)


def _hits(asked: Iterator[Asked]) -> list[tuple[str, str]]:
    return [
        (answer.what, secret)
        for answer in asked
        for secret in SECRETS
        if secret.encode() in answer.body
    ]


@pytest.fixture
def publish(educator: User, course: Course) -> Callable[..., ExamVersion]:
    def make(**rules: Any) -> ExamVersion:
        made = versions.version(
            educator,
            course=course,
            questions=[_question(kind) for kind in Kind],
            **{"minutes": 30, "release": Release.MANUAL, **rules},
        )
        # The lecture itself speaks of it as well, on the page that is cited.
        made.exam.lecture.pages.filter(number=1).update(text=f"{CANARY} quote")
        return made

    return make


def _not_started(_version: ExamVersion, _student: User) -> None:
    return None


def _open(version: ExamVersion, student: User) -> Attempt:
    return attempts.started(version, student)


def _answered(version: ExamVersion, student: User) -> Attempt:
    attempt = attempts.started(version, student)
    # Wrong everywhere, so that nothing the student wrote is the marker.
    attempts.saved(attempt, _wrong(version))
    return attempt


def _handed_in(version: ExamVersion, student: User) -> Attempt:
    return attempts.closed(version, student, _wrong(version))


def _ran_out(version: ExamVersion, student: User) -> Attempt:
    attempt = attempts.run_out(_answered(version, student))
    closing.close_expired()
    return attempt


def _taken_out(version: ExamVersion, student: User) -> Attempt:
    attempt = _handed_in(version, student)
    closing.void(attempt=attempt, reason="x", actor=version.exam.owner)
    return attempt


def _wrong(version: ExamVersion) -> dict[str, Any]:
    return versions.wrong_answers(version)


STATES = [_not_started, _open, _answered, _handed_in, _ran_out, _taken_out]
RELEASES: list[dict[str, Any]] = [
    {"release": Release.MANUAL},
    {"release": Release.AFTER_CLOSE},
    {"release": Release.ON_DATE, "release_at": datetime(2099, 1, 1, tzinfo=UTC)},
    # Another attempt is possible, in which the key could be used.
    {"release": Release.AT_SUBMIT, "attempts": 3},
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_"))
@pytest.mark.parametrize("rules", RELEASES, ids=lambda rules: rules["release"].value)
def test_nothing_that_a_student_can_ask_for_holds_the_key(
    publish: Callable[..., ExamVersion],
    student: User,
    *,
    rules: dict[str, Any],
    state: Callable[[ExamVersion, User], Attempt | None],
) -> None:
    version = publish(**rules)
    attempt = state(version, student)
    asked = list(_ask_everything(signed_in(student), version, attempt))
    assert _hits(iter(asked)) == []
    # What was asked for was really there.
    assert sum(answer.status == 200 for answer in asked) >= 3
    assert {answer.status for answer in asked if answer.status >= 500} == set()


def test_nor_does_a_closed_exam_with_somebody_still_at_it(
    publish: Callable[..., ExamVersion], student: User, classmate: User
) -> None:
    version = publish(release=Release.AFTER_CLOSE)
    attempt = _handed_in(version, student)
    attempts.started(version, classmate)
    ExamVersion.objects.update(closed_at=now())
    assert _hits(_ask_everything(signed_in(student), version, attempt)) == []


@pytest.mark.parametrize(("opens", "closes"), [(1, 2), (-2, -1)])
def test_nor_an_exam_outside_its_hours(
    publish: Callable[..., ExamVersion], student: User, *, opens: int, closes: int
) -> None:
    hours = [now() + timedelta(hours=number) for number in (opens, closes)]
    version = publish(opens_at=hours[0], closes_at=hours[1])
    asked = list(_ask_everything(signed_in(student), version, None))
    assert _hits(iter(asked)) == []
    # Nor are there questions of it in any answer.
    stems = [sheet["stem"].encode() for sheet in version.questions]
    assert [a.what for a in asked if any(stem in a.body for stem in stems)] == []


def test_nor_does_anybody_else_learn_of_it(
    publish: Callable[..., ExamVersion], student: User, classmate: User
) -> None:
    version = publish(release=Release.AT_SUBMIT)
    attempt = _handed_in(version, student)
    stranger = people.student("zoe@example.org")
    for client in (signed_in(classmate), signed_in(stranger), Client()):
        assert _hits(_ask_everything(client, version, attempt)) == []


def test_after_the_release_the_student_sees_all_of_it(
    publish: Callable[..., ExamVersion], student: User
) -> None:
    """Else this test would find nothing because there is nothing to find."""
    version = publish(release=Release.AT_SUBMIT)
    attempt = _handed_in(version, student)
    found = {
        secret
        for _, secret in _hits(_ask_everything(signed_in(student), version, attempt))
    }
    assert found == set(SECRETS)


def test_pages_of_takers_do_not_even_read_the_key(
    publish: Callable[..., ExamVersion],
    student: User,
    django_assert_num_queries: Any,
) -> None:
    version = publish()
    attempt = attempts.started(version, student)
    client = signed_in(student)
    with django_assert_num_queries(5) as captured:
        client.get(reverse("attempt", args=[attempt.id]))
    said = [query["sql"] for query in captured.captured_queries]
    assert not any('"exams_examversion"."key"' in sql for sql in said)
    assert any('"exams_examversion"."paper"' in sql for sql in said)
