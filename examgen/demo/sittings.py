"""Who took the exams when, and how far they came."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from examgen.demo import answers
from examgen.jobs import clock
from exams.models import ExamVersion
from scoring.deadlines import GRACE
from scoring.models import Attempt
from scoring.protocol import Item
from scoring.services import announcements, attempts, extensions
from scoring.states import AttemptState

# Who forgot to hand in: the clock did it for them.
_FORGETFUL = "Goran"
_TAB = "demo"
_BEGUN = timedelta(minutes=12)


def sit(version: ExamVersion, takers: Sequence[User]) -> None:
    """Let everybody take the exam: they come, answer, and hand in when done."""
    done = set(
        Attempt.objects.filter(version=version, state=AttemptState.CLOSED).values_list(
            "user", flat=True
        )
    )
    for user in takers:
        if user.pk not in done:
            _take(version, user)


def _take(version: ExamVersion, user: User) -> None:
    draw = random.Random(f"{user.name} and the hour")  # noqa: S311 - nothing secret
    begin = version.opens_at + timedelta(seconds=draw.randint(20, 25 * 60))
    given = answers.of(version, user.name)
    with clock.set_back(begin):
        attempt = attempts.start(user=user, version=version, at=begin)
    # Even who is granted more time needs no more than the limit of everybody.
    minutes = version.rules.minutes or 60
    need = timedelta(minutes=minutes) * draw.uniform(0.4, 0.95)
    half = len(given) // 2
    for part, share in ((given[:half], 0.5), (given[half:], 0.97)):
        _save(attempt, part, begin + need * share)
    if user.name == _FORGETFUL:
        assert attempt.deadline is not None
        with clock.set_back(attempt.deadline + GRACE + timedelta(seconds=1)):
            attempts.close_expired()
        return
    end = begin + need
    with clock.set_back(end):
        attempts.submit(attempt=attempt, received_at=end)


@transaction.atomic
def begin(version: ExamVersion, user: User, *, educator: User) -> None:
    """Leave one student in the middle of the exam, with a word from the educator."""
    begun = clock.now() - _BEGUN
    given = answers.of(version, user.name)
    with clock.set_back(begun):
        attempt = attempts.start(user=user, version=version, at=begun)
    for minute, answer in enumerate(given[: len(version.questions) // 2], start=1):
        _save(attempt, [answer], begun + timedelta(minutes=minute))
    with clock.set_back(begun + timedelta(minutes=5)):
        announcements.announce(
            version=version,
            text="You may use your own notes. No calculator is needed.",
            actor=educator,
        )
        extensions.extend_one(
            attempt=attempt,
            span=timedelta(minutes=10),
            reason="The network was away for some minutes.",
            actor=educator,
        )


def _save(
    attempt: Attempt, given: Sequence[answers.Given], received_at: datetime
) -> None:
    items = [Item(answer.question, 1, answer.value) for answer in given]
    with clock.set_back(received_at):
        attempts.save(attempt=attempt, items=items, tab=_TAB, received_at=received_at)
