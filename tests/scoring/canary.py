"""An exam whose key carries a marker, and somebody who asks for all there is.

Everything that only the key knows carries the marker: words, numbers, the lecture's page
and its pictures, the document of the exam. Which options are right has no words of its
own: `turned_round` makes the same paper with everything else right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.models import Course, User
from exams import content
from exams.content import Evidence, Kind, Option
from exams.formats.examgen_json import body_to_dict
from exams.models import Exam, ExamVersion
from exams.policy import Release
from exams.services import files
from notifications.models import Delivery
from notifications.services.subscriptions import unsubscribe_token
from scoring.models import Attempt
from tests.factories import exams, publishing, versions
from tests.scoring.views.conftest import send
from tests.test_routes import routes

CANARY = "canary"
NUMBER = Decimal("7731.125")
SECRETS = (CANARY, str(NUMBER), "0.0628319")

# Options, sides and things stand on the paper: of these the key only knows which are
# right.
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
    Kind.NUMERIC: content.Numeric(NUMBER, Decimal("0.0628319"), "m"),
    Kind.ESSAY: content.Essay(f"{CANARY} rubric"),
}


def question(kind: Kind, **fields: Any) -> content.Question:
    return exams.question(
        kind,
        **{
            "stem": f"A question of kind {kind.value}?",
            "body": BODIES[kind],
            "topic": f"{CANARY} topic",
            "explanation": f"{CANARY} explanation",
            "evidence": (Evidence(1, 0, 6, f"{CANARY} quote"),),
            **fields,
        },
    )


def drafted(owner: User) -> Exam:
    """A draft with one such question of each kind, and the lecture it was made from."""
    exam = exams.exam(owner, kinds=tuple(Kind))
    for row in exam.questions.all():
        asked = question(Kind(row.kind))
        row.stem, row.topic, row.explanation = (
            asked.stem,
            asked.topic,
            asked.explanation,
        )
        row.body = body_to_dict(asked.body)
        row.evidence[0]["quote"] = asked.evidence[0].quote
        row.save()
    mark_sources(exam)
    return exam


def published(owner: User, course: Course, **rules: Any) -> ExamVersion:
    """Such an exam, open now, half an hour, results by hand unless told."""
    asked = rules.pop("questions", None) or [question(kind) for kind in Kind]
    made = versions.version(
        owner,
        course=course,
        questions=asked,
        **{"minutes": 30, "release": Release.MANUAL, **rules},
    )
    mark_sources(made.exam)
    return made


def mark_sources(exam: Exam) -> None:
    """What questions were made from holds what is right: page, picture, file, JSON."""
    page = exam.lecture.pages.get(number=1)
    page.text = f"{CANARY} quote"
    page.save(update_fields=["text"])
    for name in (page.image, page.thumbnail, exam.lecture.file, exam.document):
        with default_storage.open(name) as file:
            marked = file.read() + CANARY.encode()
        default_storage.delete(name)
        files.keep_derived(name, marked)


def turned_round(version: ExamVersion, attempt: Attempt | None) -> None:
    """Let what was wrong be right, in key and grades, and the paper stay as it is."""
    for sheet in version.questions:
        part = version.key[sheet["id"]]
        match sheet["kind"]:
            case "single_choice" | "multiple_choice":
                wrong = [
                    o["id"] for o in sheet["options"] if o["id"] not in part["right"]
                ]
                part["right"] = wrong[:1]
            case "true_false":
                part["right"] = not part["right"]
            case "matching":
                names = list(part["right"])
                values = [part["right"][name] for name in reversed(names)]
                part["right"] = dict(zip(names, values, strict=True))
            case "ordering":
                part["right"] = part["right"][::-1]
    with publishing.thawed():
        ExamVersion.objects.filter(pk=version.pk).update(key=version.key)
    for grade in attempt.grades.all() if attempt else ():
        for mark in grade.marks.values():
            if mark["points"] is not None:
                mark["points"] = str(Decimal(mark["max"]) - Decimal(mark["points"]))
        points = grade.max_points - grade.points
        type(grade).objects.filter(pk=grade.pk).update(marks=grade.marks, points=points)


# Asking

# Long pages that read no exam: asked once, and not in every state of every exam.
APART = {"api_docs", "preferences"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for, and all that came back."""

    what: str
    status: int
    body: bytes
    kind: str


# What was refused before anything but the session and its person was read. It is the
# same in every state of every exam, so it is asked for once in a process.
_REFUSED: dict[tuple[bool, str, str], Asked] = {}
_REFUSALS = {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
_TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE) "(\w+)"')
_WHO = {"django_session", "accounts_user", "accounts_user_groups", "auth_group"}


def ask_everything(
    client: Client, exam: Exam, attempt: Attempt | None, *, user: User | None = None
) -> list[Asked]:
    """Ask for every address of the site that can be filled in, then write to each."""
    return [
        *_ask(client, exam, attempt, user),
        *(_answer(client, attempt) if attempt else ()),
        *_write(client, exam, attempt, user),
    ]


def _once(client: Client, user: User | None, method: str, name: str, to: str) -> Asked:
    """Ask, unless someone like this was refused at the door of it before."""
    door = (user is not None and user.is_educator, method, name)
    if user is not None and door in _REFUSED:
        return _REFUSED[door]
    with CaptureQueriesContext(connection) as queries:
        look = client.get if method == "GET" else client.post
        answer = asked(f"{method} {to}", look(to))
    read = {table for query in queries for table in _TABLE.findall(query["sql"])}
    if user is not None and answer.status in _REFUSALS and read <= _WHO:
        _REFUSED[door] = answer
    return answer


def ask(
    client: Client, exam: Exam, attempt: Attempt | None, *, user: User | None = None
) -> list[Asked]:
    """Only look, and change nothing."""
    return list(_ask(client, exam, attempt, user))


def hits(asked: Iterable[Asked]) -> list[tuple[str, str]]:
    return [
        (answer.what, secret)
        for answer in asked
        for secret in SECRETS
        if secret.encode() in answer.body
    ]


def _addresses(
    exam: Exam, attempt: Attempt | None, user: User | None
) -> Iterator[tuple[str, str]]:
    """Every name and address of the site that this person could fill in."""
    version = exam.versions.order_by("number").last()
    told = Delivery.objects.filter(recipient=user).first() if user else None
    course = version.course if version else None
    known = {
        "exam_id": exam.id,
        "lecture_id": exam.lecture_id,
        "attempt_id": attempt.id if attempt else exam.id,
        "code": version.code if version else "K7PM4XWD",
        "course_id": course.id if course else exam.id,
        "number": 1,
        "delivery_id": told.id if told else exam.id,
        "ticket": unsubscribe_token(user, "receipt") if user else "none",
        "token": "none",
    }
    first = version.questions[0]["id"] if version else exam.questions.all()[0].id
    known["question_id"] = known["question"] = first
    for route in routes(get_resolver("examgen.urls")):
        if route.pattern.startswith(("/admin/", "/accounts/")) or route.name in APART:
            continue
        for size in ("large", "small"):
            try:
                address = route.url({**known, "size": size})
            except KeyError:
                continue
            yield route.name, address
            if "<slug:size>" not in route.pattern:
                break


def _ask(
    client: Client, exam: Exam, attempt: Attempt | None, user: User | None
) -> Iterator[Asked]:
    for name, address in _addresses(exam, attempt, user):
        answer = _once(client, user, "GET", name, address)
        yield answer
        # Programs and pictures know no parts of pages.
        if answer.status == HTTPStatus.OK and answer.kind.startswith("text/html"):
            part = client.get(address, HTTP_HX_REQUEST="true")
            yield asked(f"GET {address} (htmx)", part)
    if attempt is not None:
        page = reverse("attempt", args=[attempt.id])
        for number in range(1, len(Kind) + 1):
            yield asked(f"GET {page}?q={number}", client.get(page, {"q": number}))


def _answer(client: Client, attempt: Attempt) -> Iterator[Asked]:
    """Answer everything wrongly, so that nothing the student wrote is the marker."""
    page = reverse("attempt", args=[attempt.id])
    answers = reverse("attempt_answers", args=[attempt.id])
    for sheet in attempt.version.questions:
        item = {"q": sheet["id"], "v": 1, "value": "wrong"}
        yield asked(f"POST {answers}", send(client, answers, {"items": [item]}))
        data = {"question": sheet["id"], "version": "0", "answer": "wrong"}
        yield asked(f"POST {page}", client.post(page, data, follow=True))
    submit = reverse("hand_in", args=[attempt.id])
    bodies: list[Any] = [b"{", b"[]", {"items": [], "manifest": {}}]
    for body in bodies:
        yield asked(f"POST {submit}", send(client, submit, body))


# What would end the sight of everything else comes last.
_LAST = ("hand_in", "course_leave", "api:submit", "api:course_leave")


def _write(
    client: Client, exam: Exam, attempt: Attempt | None, user: User | None
) -> Iterator[Asked]:
    addresses = sorted(_addresses(exam, attempt, user), key=lambda a: a[0] in _LAST)
    for name, address in addresses:
        yield _once(client, user, "POST", name, address)
        if name in _LAST and attempt is not None:
            # It changed what may be seen: look again.
            for shown in ("attempt", "receipt", "result", "attempt_answers"):
                there = reverse(shown, args=[attempt.id])
                yield asked(f"GET {there} after {name}", client.get(there))


def asked(what: str, response: Any) -> Asked:
    parts = response.streaming_content if response.streaming else [response.content]
    body = b"".join(parts)
    headers = str(response.headers).encode()
    kind = response.headers.get("Content-Type", "")
    return Asked(what, response.status_code, body + headers, kind)


# What differs between two answers that say the same.
_PASSING = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|"token": "\w+"'
    # An ETag is made of the body, times and all.
    rb"""|'ETag': '"\w+"'"""
    rb"|csrftoken=\w+|'X-Request-ID': '[\w-]+'|'Content-Length': '\d+'"
)
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)|\d\d?:\d\d(?::\d\d)?")


def comparable(answers: Iterable[Asked]) -> list[tuple[str, int, bytes]]:
    """Answers without tokens and times."""
    return [
        (a.what, a.status, _MOMENT.sub(b"", _PASSING.sub(b"", a.body))) for a in answers
    ]
