"""The demo's story, told by the services that would have lived it.

Every step looks for what is there before it does anything, so that a start that was
cut short is gone on with by the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.base import File
from django.db import transaction

from accounts.models import Course, User
from accounts.services import courses
from examgen.demo import people, sittings
from examgen.jobs import clock
from exams import samples
from exams.models import Exam, ExamVersion
from exams.services import authoring, lectures, publishing
from exams.services.wishes import Wish
from exams.states import ExamState, QuestionState
from notifications.models import Delivery
from notifications.services import inbox
from scoring.models import Attempt

COURSE = "First-year science"

_READY = {ExamState.DRAFT, ExamState.PUBLISHED, ExamState.CLOSED}

# When it all was, in days before today, and at which hour.
_BEGAN = (6, 9)
_MIDTERM = (2, 10)
_QUIZ = (1, 8)


@dataclass(frozen=True, slots=True)
class Asked:
    """An exam of the course, besides the drafts that wait for a visitor."""

    sample: str
    title: str
    wish: Wish
    minutes: int


MIDTERM = Asked(
    sample="plant-cells",
    title="Midterm: the plant cell",
    wish=Wish(questions=16, seed=2),
    minutes=40,
)
# Long enough for who looks at the demo to find somebody at it.
QUIZ = Asked(
    sample="computer-networks",
    title="Quiz: how networks talk",
    wish=Wish(questions=12, seed=3),
    minutes=90,
)

# Who is granted more time: a stretch, and minutes on top.
_GRANTED = {
    "Dalia": ("1.5", 0),
    "Kofi": ("1.25", 0),
    "Noa": ("1", 15),
}
# Who was ill on the day of the midterm.
_ABSENT = "Zola"


class Story:
    """Everything that the demo shows beyond a first sign-in."""

    def __init__(self, educator: User, student: User, taker: User) -> None:
        self._educator = educator
        self._student = student
        self._taker = taker

    @property
    def is_told(self) -> bool:
        """Whether its last step was done: attempts are never deleted."""
        return Attempt.objects.filter(user=self._taker).exists()

    def ask(self) -> None:
        """Upload the lectures, and ask for a draft of each and for two exams."""
        with clock.set_back(_day(*_BEGAN)):
            for sample in samples.SAMPLES:
                lecture = lectures.upload_lecture(
                    owner=self._educator,
                    file=File(
                        BytesIO(samples.build(sample.name)), name=sample.file_name
                    ),
                    name=sample.file_name,
                    wish=Wish(questions=12),
                ).lecture
                for asked in (MIDTERM, QUIZ):
                    if asked.sample == sample.name and self._exam(asked) is None:
                        lectures.request_exam(
                            lecture=lecture,
                            actor=self._educator,
                            wish=asked.wish,
                            title=asked.title,
                        )

    def tell(self) -> bool:
        """Hold both exams; False while they are not drafted yet."""
        midterm, quiz = self._exam(MIDTERM), self._exam(QUIZ)
        if midterm is None or quiz is None or not {midterm.state, quiz.state} <= _READY:
            return False
        with clock.set_back(_day(*_BEGAN)):
            course, takers = self._gather()
        self._hold_midterm(midterm, course, takers)
        self._open_quiz(quiz, course)
        return True

    def _exam(self, asked: Asked) -> Exam | None:
        mine = Exam.objects.filter(owner=self._educator, title=asked.title)
        return mine.order_by("created_at").first()

    def _gather(self) -> tuple[Course, list[User]]:
        """The course with everybody in it, and who was there for the midterm."""
        mine = Course.objects.filter(owner=self._educator, name=COURSE)
        with transaction.atomic():
            course = mine.first() or courses.create_course(
                owner=self._educator, name=COURSE, aliases=True
            )
            by_name = {name: people.classmate(name) for name in people.CLASS}
            for user in (self._student, self._taker, *by_name.values()):
                courses.join(course=course, user=user)
            granted = {by_name[name]: time for name, time in _GRANTED.items()}
            granted[self._taker] = ("1.5", 0)
            for user, (multiplier, minutes) in granted.items():
                courses.accommodate(
                    enrolment=course.enrolments.get(user=user),
                    multiplier=Decimal(multiplier),
                    extra_minutes=minutes,
                    actor=self._educator,
                )
        del by_name[_ABSENT]
        return course, [self._student, *by_name.values()]

    def _hold_midterm(self, exam: Exam, course: Course, takers: list[User]) -> None:
        opens = _day(*_MIDTERM)
        closes = opens + timedelta(hours=2)
        version = self._published(exam, course, MIDTERM.minutes, opens, closes)
        if version.closed_at is None and version.closes_at is not None:
            sittings.sit(version, takers)
            with clock.set_back(version.closes_at):
                publishing.close_exam(version=version, actor=None)

    def _open_quiz(self, exam: Exam, course: Course) -> None:
        opens = _day(*_QUIZ)
        closes = publishing.suggested_end(self._educator, opens)
        version = self._published(exam, course, QUIZ.minutes, opens, closes)
        sittings.begin(version, self._taker, educator=self._educator)

    def _published(
        self,
        exam: Exam,
        course: Course,
        minutes: int,
        opens_at: datetime,
        closes_at: datetime,
    ) -> ExamVersion:
        """Accept every question and publish, an hour before the doors open."""
        if exam.state != ExamState.DRAFT:
            return exam.versions.select_related("exam").get()
        # Whoever reviews a draft was led to it by the news of it.
        told = Delivery.objects.for_user(self._educator).unread()
        for news in told.filter(subject_id=exam.id):
            inbox.open_delivery(delivery=news)
        with clock.set_back(opens_at - timedelta(hours=1)):
            for question in exam.questions.filter(state=QuestionState.PROPOSED):
                authoring.decide(
                    question=question,
                    decision=QuestionState.ACCEPTED,
                    actor=self._educator,
                    revision=question.revision,
                )
            rules = publishing.suggested_policy(exam=exam, at=opens_at)
            return publishing.publish_exam(
                exam=exam,
                actor=self._educator,
                policy=replace(rules, minutes=minutes, closes_at=closes_at),
                course=course,
            )


def _day(ago: int, hour: int) -> datetime:
    day = clock.now() - timedelta(days=ago)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)
