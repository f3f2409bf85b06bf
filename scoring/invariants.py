"""What must always hold for attempts, grades and boards. Each function names broken rows.

Rows are read in one pass each, oldest facts last: whatever an attempt that is being
closed meanwhile lacks was asked for before it was closed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from examgen.jobs.clock import now
from examgen.jobs.invariants import Violation
from examgen.jobs.models import Event, Job
from examgen.jobs.states import OPEN
from exams.models import ExamVersion
from scoring import ranking
from scoring.deadlines import GRACE
from scoring.models import (
    Answer,
    AnswerLog,
    Attempt,
    Grade,
    ScoreboardEntry,
    ScoreCount,
)
from scoring.ranking import Standing
from scoring.services import scoreboard
from scoring.services.receipts import receipt_of
from scoring.states import AttemptState, ClosedBy

# Rows per fetch: memory stays flat however many attempts there are.
_CHUNK = 500
# Workers that are alive look every two seconds.
_SOON = timedelta(seconds=60)
_REBUILD = "scoring.update_scoreboard"


def no_acknowledged_answer_is_lost() -> Iterator[Violation]:
    """I1: the snapshot, or the stored answer, is no older than any logged answer."""
    closed = Attempt.objects.exclude(snapshot=None).only("id", "snapshot")
    for attempt in closed.prefetch_related("log").iterator(_CHUNK):
        kept = attempt.snapshot or {}
        for entry in attempt.log.all():
            version, _ = kept.get(str(entry.question), (-1, None))
            if version < entry.version:
                yield _lost(attempt, entry, f"snapshot has {version}")
    running = Attempt.objects.filter(state=AttemptState.OPEN).only("id")
    # The log first: an answer is stored in the transaction that logs it.
    for attempt in running.prefetch_related("log", "answers").iterator(_CHUNK):
        stored = {row.question: row.version for row in attempt.answers.all()}
        for entry in attempt.log.all():
            version = stored.get(entry.question, -1)
            if version < entry.version:
                yield _lost(attempt, entry, f"stored is {version}")


def _lost(attempt: Attempt, entry: AnswerLog, found: str) -> Violation:
    problem = f"answer {entry.question} v{entry.version} is lost: {found}"
    return Violation("I1", f"attempt {attempt.id}", problem)


def every_attempt_is_closed_once() -> Iterator[Violation]:
    """I2: one event told each close, and the receipt is that of the snapshot."""
    closed = Attempt.objects.filter(state=AttemptState.CLOSED).only("id", "snapshot")
    rows = list(closed.values_list("id", "receipt", "snapshot"))
    told = Counter(
        Event.objects.filter(name="attempt.closed").values_list("subject_id", flat=True)
    )
    for attempt, receipt, snapshot in rows:
        if told[attempt] != 1:
            problem = f"closed, and told {told[attempt]} times"
            yield Violation("I2", f"attempt {attempt}", problem)
        if receipt != receipt_of(attempt, snapshot or {}):
            yield Violation("I2", f"attempt {attempt}", "receipt is of other answers")
    running = Attempt.objects.filter(state=AttemptState.OPEN)
    for attempt in told.keys() & set(running.values_list("id", flat=True)):
        yield Violation("I2", f"attempt {attempt}", "told as closed, and open")


def no_attempt_stays_open_after_its_time() -> Iterator[Violation]:
    """I2: an attempt is closed soon after deadline and grace, by whoever comes first."""
    for attempt in Attempt.objects.expired(now() - GRACE - _SOON).only(
        "id", "deadline"
    ):
        problem = f"open, and its time was over at {attempt.deadline or 'the close'}"
        yield Violation("I2", f"attempt {attempt.id}", problem)


def every_closed_attempt_has_its_grades() -> Iterator[Violation]:
    """I3: revisions 1 to n without a gap, and a complete one stays complete."""
    closed = Attempt.objects.filter(state=AttemptState.CLOSED)
    attempts = list(closed.values_list("id", flat=True))
    revisions: dict[object, list[int]] = defaultdict(list)
    grades = Grade.objects.order_by("revision")
    for attempt, revision in grades.values_list("attempt_id", "revision"):
        revisions[attempt].append(revision)
    for attempt in attempts:
        found = revisions[attempt]
        if not found or found != list(range(1, len(found) + 1)):
            problem = f"grades have the revisions {found}"
            yield Violation("I3", f"attempt {attempt}", problem)


def nothing_is_graded_after_its_time() -> Iterator[Violation]:
    """I7: no answer came in after deadline and grace, no clock closed before."""
    late = F("attempt__deadline") + GRACE
    for row in Answer.objects.filter(saved_at__gt=late):
        yield _too_late(row.attempt_id, row.question)
    for entry in AnswerLog.objects.filter(received_at__gt=late):
        yield _too_late(entry.attempt_id, entry.question)
    early = Q(closed_at__lt=F("deadline")) | Q(deadline=None)
    for attempt in Attempt.objects.filter(early, closed_by=ClosedBy.CLOCK):
        yield Violation("I7", f"attempt {attempt.id}", "closed before its deadline")


def _too_late(attempt: object, question: object) -> Violation:
    problem = f"answer {question} came after the deadline"
    return Violation("I7", f"attempt {attempt}", problem)


def every_board_equals_its_recomputation() -> Iterator[Violation]:
    """I4: entries and counts say what attempts and their newest grades say.

    A board that a job is still to bring up to date is no broken one.
    """
    one_of = {"version": OuterRef("pk")}
    told = (
        Exists(Attempt.objects.filter(**one_of))
        | Exists(ScoreboardEntry.objects.filter(**one_of))
        | Exists(ScoreCount.objects.filter(**one_of))
    )
    versions = ExamVersion.objects.filter(told).defer("paper", "key")
    for version in versions.iterator(_CHUNK):
        if not any(_differences(version)):
            continue
        for problem in _settled_differences(version):
            yield Violation("I4", f"board {version.id}", problem)


def _settled_differences(version: ExamVersion) -> list[str]:
    """Look again while nobody can rebuild the board, and only then at its jobs.

    Whatever is graded meanwhile has asked for its job in the same transaction.
    """
    with transaction.atomic():
        versions = ExamVersion.objects.select_for_update(no_key=True)
        versions.only("id").get(pk=version.pk)
        found = list(_differences(version))
        due = Job.objects.filter(
            consumer=_REBUILD, subject=version.pk, state__in=OPEN
        ).exists()
    return [] if due else found


def _differences(version: ExamVersion) -> Iterator[str]:
    entries = {
        entry.user_id: Standing(
            entry.user_id, entry.attempt_id, entry.points, entry.attempts
        )
        for entry in ScoreboardEntry.objects.filter(version=version)
    }
    wanted = {standing.user: standing for standing in scoreboard.recomputed(version)}
    for user in sorted(entries.keys() | wanted.keys()):
        if entries.get(user) == wanted.get(user):
            continue
        if user not in wanted:
            yield f"person {user} has no graded attempt"
        elif user not in entries:
            yield f"person {user} is missing"
        else:
            yield f"person {user} has {_said(entries[user])}, not {_said(wanted[user])}"
    counted = dict(scoreboard.counts(version))
    if counted != (added := ranking.counts(list(entries.values()))):
        yield f"counts {_listed(counted)}, not {_listed(added)}"


def _said(standing: Standing) -> str:
    return (
        f"{standing.points.normalize():f} of {standing.attempts} by {standing.attempt}"
    )


def _listed(counts: Mapping[Decimal, int]) -> dict[str, int]:
    return {f"{points.normalize():f}": counts[points] for points in sorted(counts)}


INVARIANTS: tuple[Callable[[], Iterator[Violation]], ...] = (
    no_acknowledged_answer_is_lost,
    every_attempt_is_closed_once,
    no_attempt_stays_open_after_its_time,
    every_closed_attempt_has_its_grades,
    nothing_is_graded_after_its_time,
    every_board_equals_its_recomputation,
)
