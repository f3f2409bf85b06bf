"""Questions in their columns, and put by as JSON."""

from __future__ import annotations

import json

from accounts.models import User
from exams.content import Kind
from exams.services import question_rows
from tests.factories import exams


def test_what_was_put_by_is_taken_up_as_it_was(educator: User) -> None:
    exam = exams.exam(educator, kinds=list(Kind))
    for question in exam.questions.all():
        kept = json.loads(json.dumps(question_rows.put_by(question)))
        again = question_rows.taken_up(kept)
        assert again == {name: getattr(question, name) for name in again}
        told = question_rows.as_content(kept)
        assert told.stem == question.stem
        assert told.body == question.as_content().body
        columns = question_rows.columns(told, engine_name="a", engine_version="b")
        assert columns == {
            **{name: again[name] for name in columns},
            "provenance": {"engine": "a", "version": "b"},
        }
