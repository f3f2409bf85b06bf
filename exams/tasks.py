"""What workers do for this app. Each task loads nothing and decides nothing."""

from __future__ import annotations

from examgen.jobs.runner import Run
from exams.services import (
    drafting,
    files,
    generation,
    lectures,
    orphans,
    pictures,
    publishing,
    readings,
    recognition,
    rescue,
)


def read_lecture(run: Run) -> None:
    readings.read_lecture(run=run, lecture_id=run.subject)


def recognise_pages(run: Run) -> None:
    recognition.recognise_pages(run=run, lecture_id=run.subject)


def generate_exam(run: Run) -> None:
    generation.generate(run=run, exam_id=run.subject)


def draft_questions(run: Run) -> None:
    drafting.draft(run=run, request_id=run.subject)


def draw_page(run: Run) -> None:
    pictures.draw_wanted(run=run, page_id=run.subject)


def erase_files(run: Run) -> None:
    files.erase(str(run.event.data["prefix"]))


def give_up(run: Run) -> None:
    rescue.give_up(run=run)


def forget_abandoned_uploads() -> None:
    lectures.forget_abandoned()


def collect_orphans() -> None:
    orphans.collect_next()


def close_ended_exams() -> None:
    publishing.close_ended()
