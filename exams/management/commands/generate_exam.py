"""Generate an exam from a PDF on the command line."""

from __future__ import annotations

import hashlib
import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exams import content
from exams.formats import examgen_json, plain_text
from exams.generation.pipeline import generate_exam
from exams.models import Lecture
from exams.reading import HEAD_BYTES, ReadingError, preflight
from exams.services.lectures import limits
from exams.services.recognition import NoTesseractError, read_file
from exams.services.wishes import GENERATED_KINDS, Wish
from exams.wording import exam_problem, reading_problem, shortfall_reason


class Command(BaseCommand):
    help = "Generate an exam from a PDF lecture; needs no server, account or network."
    # Neither the database nor translations are needed, and the output is bytes.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lecture", type=Path, metavar="LECTURE.pdf")
        parser.add_argument("--questions", type=_count, default=12, metavar="N")
        parser.add_argument(
            "--kinds",
            type=_kinds,
            default=(),
            help=f"comma-separated; of {', '.join(GENERATED_KINDS)}",
        )
        parser.add_argument(
            "--engine",
            choices=sorted(settings.ENGINES),
            default=settings.DEFAULT_ENGINE,
        )
        parser.add_argument("--seed", type=_seed, default=1, metavar="N")
        parser.add_argument("--format", choices=("json", "text"), default="json")
        parser.add_argument("--output", type=Path, metavar="FILE")

    def handle(
        self,
        *,
        lecture: Path,
        questions: int,
        kinds: tuple[str, ...],
        engine: str,
        seed: int,
        format: str,  # noqa: A002 - the option's name is fixed
        output: Path | None,
        **_: Any,
    ) -> None:
        wish = Wish(questions=questions, kinds=kinds, seed=seed, engine=engine)
        progress = _Progress(sys.stderr)
        try:
            exam = _exam(lecture, wish, progress)
        except ReadingError as error:
            raise CommandError(
                f"{lecture}: {reading_problem(error.code, error.params)}"
            ) from error
        except NoTesseractError as error:
            message = f"EXAMGEN_OCR is {error}, and there is no such program."
            raise CommandError(message) from error
        except OSError as error:
            raise CommandError(f"{lecture}: {error.strerror or error}") from error
        finally:
            progress.clear()
        if not exam.questions:
            reasons = " ".join(_reasons(exam.shortfall))
            message = f"{lecture}: {exam_problem('no_questions')} {reasons}"
            raise CommandError(message.rstrip())
        writer = examgen_json if format == "json" else plain_text
        self._write(writer.to_bytes(exam), output)
        self._tell_shortfall(exam.shortfall)

    def _write(self, document: bytes, output: Path | None) -> None:
        if output is None:
            # Bytes as they are: a terminal's own encoding may lack a letter of them.
            sys.stdout.flush()
            sys.stdout.buffer.write(document)
            return
        try:
            output.write_bytes(document)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror or error}") from error

    def _tell_shortfall(self, shortfall: content.Shortfall) -> None:
        if not shortfall.missing:
            return
        self.stderr.write(f"{shortfall.made} of {shortfall.asked} questions drafted.")
        for reason in _reasons(shortfall):
            self.stderr.write(f"  {reason}")


def _reasons(shortfall: content.Shortfall) -> list[str]:
    return [shortfall_reason(item.code, item.params) for item in shortfall.reasons]


def _exam(path: Path, wish: Wish, progress: _Progress) -> content.Exam:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        preflight(head, path.stat().st_size, limits(), name=path.name)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    document = read_file(path, progress)
    return generate_exam(
        document,
        wish.blueprint(),
        wish.load_engine(),
        source=content.LectureSource(
            title=document.title or Lecture.title_from(path.name),
            sha256=sha256,
            pages=len(document.pages),
        ),
        progress=progress,
    ).exam


class _Progress:
    """One line on a terminal, nothing anywhere else."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.watched = stream.isatty()
        self.written_at = 0.0

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        if self.watched and time.monotonic() - self.written_at > 0.1:  # noqa: PLR2004
            self.written_at = time.monotonic()
            count = f" {done} of {total}" if total else ""
            self.stream.write(f"\r\x1b[K{stage}{count}")
            self.stream.flush()

    def clear(self) -> None:
        if self.watched:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


def _count(text: str) -> int:
    if text.isdigit() and 1 <= int(text) <= 500:  # noqa: PLR2004
        return int(text)
    raise ArgumentTypeError(f"{text!r} is no number from 1 to 500")


def _seed(text: str) -> int:
    if text.isdigit() and int(text) < 2**31:
        return int(text)
    raise ArgumentTypeError(f"{text!r} is no number from 0 to {2**31 - 1}")


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(kind.strip() for kind in text.split(",") if kind.strip())
    known = {kind.value for kind in GENERATED_KINDS}
    if unknown := [kind for kind in kinds if kind not in known]:
        raise ArgumentTypeError(
            f"unknown kind {unknown[0]!r}; known are {', '.join(sorted(known))}"
        )
    return kinds
