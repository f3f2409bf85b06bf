"""What the questions of a draft hold against each other, once one of them changes."""

from __future__ import annotations

from collections import defaultdict

from exams import gate
from exams.gate.codes import PAIRWISE
from exams.models import Exam, Question
from exams.services.question_rows import finding, findings
from exams.states import QuestionState


def recheck(exam: Exam, *changed: Question) -> None:
    """Let warnings speak of the questions as they are by now, and of the whole exam.

    Others keep theirs but for those that name a changed question. What is rejected
    stands beside nothing. In the transaction of the change, which holds the exam.
    """
    rows = list(exam.questions.select_for_update(no_key=True, of=("self",)))
    before = {row.id: list(row.warnings) for row in rows}
    kept = [row for row in rows if row.state != QuestionState.REJECTED]
    contents = {row.id: row.as_content() for row in kept}
    names = {str(row.id) for row in changed}
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for at, later in enumerate(kept):
        for earlier in kept[:at]:
            if not names & {str(later.id), str(earlier.id)}:
                continue
            pair = gate.check_pair(contents[earlier.id], contents[later.id])
            for blamed, item in pair:
                found[blamed].append(finding(item))
    for row in rows:
        own = str(row.id) in names
        stays = [
            one
            for one in row.warnings
            if one["code"] not in PAIRWISE
            or not (own or one["params"].get("other") in names)
        ]
        row.warnings = [*stays, *found[str(row.id)]]
    moved = [row for row in rows if row.warnings != before[row.id]]
    Question.objects.bulk_update(moved, ["warnings"], batch_size=100)
    exam.findings = findings(gate.check_whole(list(contents.values())))
    Exam.objects.filter(pk=exam.pk).update(findings=exam.findings)
