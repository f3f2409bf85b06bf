"""An educator and her students at a site of processes, each over HTTP, without scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.containers.visitor import Answer, Visitor
from tests.examgen.waiting import wait_for
from tests.servers import Sink

PASSWORD = "four quiet green leaves"


@dataclass
class Person:
    """Somebody with an address, who reads their mail at the sink."""

    site: str
    sink: Sink
    email: str
    visitor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.visitor = Visitor(self.site)

    def sign_up(self, page: str, **more: str) -> Answer:
        """Fill in the form, then the code that comes by mail if one is asked for."""
        name = self.email.partition("@")[0].capitalize()
        answer = self.visitor.post(
            page, email=self.email, password1=PASSWORD, name=name, **more
        )
        if "confirm-email" in answer.url:
            code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", self.mail("plain"))
            assert code, self.mail("plain")
            answer = self.visitor.post(path(answer), code=code.group())
        assert answer.status == 200, answer.text
        return answer

    def mail(self, part: Any, about: str = "") -> str:
        """The newest mail to them that speaks of this."""

        def found() -> list[str]:
            mails = [one.part(part) for one in self.sink.to(self.email)]
            return [text for text in mails if about in text]

        return wait_for(found, f"mail to {self.email}", every=0.05)[-1]


class Student(Person):
    def accept_invitation(self) -> None:
        """Come by the link of the mail, which vouches for the address."""
        link = re.search(r"/invitations/[^\s/]+/", self.mail("plain", "/invitations/"))
        assert link
        asked = self.visitor.get(link.group())
        answer = self.sign_up(f"{path(asked)}?{urlsplit(asked.url).query}")
        assert path(answer) == "/courses/"

    def come_by_code(self, code: str) -> None:
        """Come by the link of the exam and land where it leads: before the exam."""
        asked = self.visitor.get(f"/join/{code}/")
        answer = self.sign_up(f"/accounts/signup/?{urlsplit(asked.url).query}")
        assert path(answer) == f"/join/{code}/"
        assert "/take/" in self.visitor.post(path(answer)).url

    def start(self, exam: str) -> str:
        """Start, and return the address of the attempt."""
        page = path(self.visitor.post(f"/take/{exam}/"))
        assert page.startswith("/attempts/"), page
        return page

    def answer(self, attempt: str, given: Mapping[str, Any]) -> None:
        """Go through the paper as it lies there and fill in what is given."""
        number, last = 1, 1
        while number <= last:
            address = f"{attempt}?q={number}"
            page = self.visitor.get(address).text
            last = int(_found(rf"Question {number} of\s+(\d+)", page))
            question = _found(r'name="question" value="([^"]+)"', page)
            if question in given:
                shown = _found(r'name="version" value="(\d+)"', page)
                kind = _found(r'data-kind="(\w+)"', page)
                fields = _fields(kind, given[question])
                known = {"question": question, "version": shown, "go": "next"}
                saved = self.visitor.post(address, attempt, **known, **fields)
                assert saved.status == 200, saved.text
            number += 1

    def hand_in(self, attempt: str) -> None:
        answer = self.visitor.post(f"{attempt}submit/")
        assert path(answer) == f"{attempt}receipt/"
        assert "Handed in at" in answer.text


class Educator(Person):
    def create_course(self, name: str) -> str:
        return path(self.visitor.post("/courses/", name=name))

    def invite(self, course: str, *students: Person) -> None:
        addresses = "\n".join(student.email for student in students)
        page = f"{course}invitations/"
        assert self.visitor.post(page, addresses=addresses).status == 200

    def accept_questions(self, exam: str) -> int:
        """Accept one question after the other; returns how many there are."""
        page = self.visitor.get(f"/exams/{exam}/review/")
        while not (said := re.search(r"All (\d+) questions are decided", page.text)):
            page = self.visitor.post(
                path(page),
                f"{path(page)}decide/",
                decision="accepted",
                revision=_found(r'name="revision" value="(\d+)"', page.text),
            )
        return int(said[1])

    def publish(self, exam: str, course: str) -> str:
        """Publish to the course, without an end; returns the code to come by."""
        answer = self.visitor.post(
            f"/exams/{exam}/publish/",
            course=course.strip("/").rpartition("/")[2],
            minutes="30",
            attempts="1",
            counting="best",
            release="manual",
            pass_percent="50",
            several="proportional",
            shuffle_questions="on",
            shuffle_options="on",
        )
        assert path(answer) == f"/exams/{exam}/share/", answer.text
        return _found(r"/join/(\w{8})/", answer.text)


def path(answer: Answer) -> str:
    return urlsplit(answer.url).path


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found, page
    return found[1]


def _fields(kind: str, value: Any) -> dict[str, str | list[str]]:
    """The fields of a page that stand for this value."""
    match kind:
        case "matching":
            return {f"left-{left}": right for left, right in value.items()}
        case "true_false":
            return {"answer": "true" if value else "false"}
        case "multiple_choice" | "ordering":
            return {"answer": value}
        case _:
            return {"answer": str(value)}
