"""The command line: one PDF in, one exam out, or one line that says why not."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import execute_from_command_line

from examgen.settings.environment import BASE_DIR
from exams.content import Kind
from exams.formats import examgen_json
from tests.factories import bad_files
from tests.factories.lectures import pdf
from tests.samples import hostile, pdfs, scans

ROOT = BASE_DIR
SCHEMA = ROOT / "docs" / "exam-format.schema.json"


# No test of this module asks for a database: touching one is an error.


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str


Generate = Callable[..., Result]


@pytest.fixture
def generate(capsys: pytest.CaptureFixture[str]) -> Generate:
    """Run the command as `manage.py generate_exam ...` does, in this process."""

    def run(*arguments: object) -> Result:
        code = 0
        try:
            execute_from_command_line(
                ["manage.py", "generate_exam", *map(str, arguments)]
            )
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return run


@pytest.fixture
def lecture(tmp_path: Path) -> Path:
    """A short lecture: enough for two questions."""
    path = tmp_path / "week1_light.pdf"
    path.write_bytes(pdfs.prose(2))
    return path


# A process of its own, without network and without a database to speak of.
_ALONE = """
import socket, sys
def refuse(*_, **__):
    raise AssertionError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "generate_exam", *sys.argv[1:]])
assert "psycopg" not in sys.modules
"""


def alone(
    home: Path, *arguments: object, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", _ALONE, *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "examgen.settings",
            "EXAMGEN_DATA": str(home / "data"),
            "DATABASE_URL": f"sqlite:///{home}/never.sqlite3",
            **environment,
        },
    )


# An exam


@pytest.fixture(scope="module")
def sample_runs(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, list[subprocess.CompletedProcess[bytes]]]:
    """The sample lecture twice, each time in a process and a home of its own."""
    home = tmp_path_factory.mktemp("alone")
    lecture = home / "plant-cells.pdf"
    lecture.write_bytes(pdf("plant-cells"))
    runs = []
    # The second speaks to a terminal that cannot show every letter.
    for number, encoding in ((1, "utf-8"), (2, "ascii")):
        place = home / f"home{number}"
        place.mkdir()
        runs.append(alone(place, lecture, "--questions", 8, PYTHONIOENCODING=encoding))
    return home, runs


def test_it_runs_without_account_network_database_and_migrations(sample_runs) -> None:
    home, runs = sample_runs
    for run in runs:
        assert run.returncode == 0, run.stderr.decode()
        assert run.stderr == b""
    assert not list(home.rglob("*.sqlite3"))


def test_two_runs_give_the_same_bytes_on_any_terminal(sample_runs) -> None:
    _, (one, two) = sample_runs
    assert not one.stdout.isascii()
    assert one.stdout == two.stdout


def test_the_exam_is_a_valid_document_with_the_asked_number(sample_runs) -> None:
    _, (run, _) = sample_runs
    document = json.loads(run.stdout)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(
        document
    )
    assert document["format"] == "examgen/1"
    assert len(document["questions"]) == 8
    assert [question["id"] for question in document["questions"]] == [
        f"q{number}" for number in range(1, 9)
    ]
    assert document["shortfall"] == {"asked": 8, "made": 8, "reasons": []}
    assert document["lecture"] == {
        "title": "The Plant Cell",
        "sha256": hashlib.sha256(pdf("plant-cells")).hexdigest(),
        "pages": 7,
    }
    assert document["seed"] == 1


def test_the_document_is_read_back_without_loss(sample_runs) -> None:
    _, (run, _) = sample_runs
    assert examgen_json.to_bytes(examgen_json.from_bytes(run.stdout)) == run.stdout


# Options


def test_a_shortfall_is_told_beside_the_exam_not_in_it(
    generate: Generate, lecture: Path
) -> None:
    result = generate(lecture, "--questions", 50)
    assert result.code == 0
    made = json.loads(result.out)["shortfall"]["made"]
    first, *reasons = result.err.splitlines()
    assert first == f"{made} of 50 questions drafted."
    assert reasons
    assert all(reason.startswith("  ") for reason in reasons)


def test_only_the_asked_kinds_are_drafted(generate: Generate, lecture: Path) -> None:
    result = generate(lecture, "--kinds", "true_false, short_answer")
    kinds = {question["kind"] for question in json.loads(result.out)["questions"]}
    assert kinds <= {Kind.TRUE_FALSE, Kind.SHORT_ANSWER}
    assert result.code == 0


def test_the_exam_can_be_written_to_a_file(
    generate: Generate, lecture: Path, tmp_path: Path
) -> None:
    printed = generate(lecture).out
    target = tmp_path / "exam.json"
    result = generate(lecture, "--output", target)
    assert (result.code, result.out) == (0, "")
    assert target.read_text("utf-8") == printed


def test_the_exam_can_be_read_as_text(generate: Generate, lecture: Path) -> None:
    result = generate(lecture, "--format", "text")
    lines = result.out.splitlines()
    assert result.code == 0
    assert lines[0] == "How plants eat light"
    assert lines[2].startswith("1. ")
    assert any(line.startswith("   Page ") for line in lines)


def test_a_seed_is_part_of_the_document(generate: Generate, lecture: Path) -> None:
    assert json.loads(generate(lecture, "--seed", 7).out)["seed"] == 7


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--questions", "0", "'0' is no number from 1 to 500"),
        ("--questions", "501", "'501' is no number from 1 to 500"),
        ("--questions", "many", "'many' is no number from 1 to 500"),
        ("--seed", "-1", "seed"),
        ("--seed", str(2**31), f"is no number from 0 to {2**31 - 1}"),
        ("--kinds", "riddle", "unknown kind 'riddle'; known are"),
        ("--kinds", "essay", "unknown kind 'essay'; known are"),
        ("--engine", "magic", "invalid choice: 'magic'"),
        ("--format", "docx", "invalid choice: 'docx'"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_before_any_work(
    generate: Generate, lecture: Path, option: str, value: str, said: str
) -> None:
    result = generate(lecture, option, value)
    assert result.code == 2
    assert result.out == ""
    assert said in result.err
    assert "Traceback" not in result.err


# Bad input


def one_line(result: Result, path: Path) -> str:
    """The one line of a refusal, without the file's name."""
    assert result.code == 1
    assert result.out == ""
    assert "Traceback" not in result.err
    (line,) = result.err.splitlines()
    start = f"CommandError: {path}: "
    assert line.startswith(start)
    return line.removeprefix(start)


@pytest.mark.parametrize("bad", bad_files.BAD_FILES, ids=str)
def test_a_bad_file_is_refused_in_one_line_with_cause_and_cure(
    bad: bad_files.BadFile, generate: Generate, tmp_path: Path, settings
) -> None:
    settings.LECTURE_MAX_BYTES = bad_files.MEGABYTE
    settings.LECTURE_MAX_PAGES = 20
    path = tmp_path / bad.name
    path.write_bytes(bad_files.content(bad))
    line = one_line(generate(path), path)
    for word in bad.words:
        assert word in line
    assert line.endswith(".")


def test_a_powerpoint_file_is_told_to_be_exported_as_pdf(
    generate: Generate, tmp_path: Path
) -> None:
    path = tmp_path / "week1.pptx"
    path.write_bytes(hostile.powerpoint())
    assert one_line(generate(path), path) == (
        "This is a PowerPoint file. In PowerPoint choose “Export”, then “PDF”, and "
        "upload the PDF."
    )


def test_a_missing_file_and_a_folder_are_refused_in_one_line(
    generate: Generate, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.pdf"
    assert one_line(generate(missing), missing) == "No such file or directory"
    assert one_line(generate(tmp_path), tmp_path) == "Is a directory"


def test_an_output_that_cannot_be_written_is_refused_in_one_line(
    generate: Generate, lecture: Path, tmp_path: Path
) -> None:
    target = tmp_path / "missing" / "exam.json"
    result = generate(lecture, "--questions", 1, "--output", target)
    assert one_line(result, target) == "No such file or directory"


def test_a_lecture_without_a_provable_question_is_refused_in_one_line(
    generate: Generate, lecture: Path, settings
) -> None:
    settings.ENGINES = {"silent": "tests.factories.engines.SilentEngine"}
    settings.DEFAULT_ENGINE = "silent"
    line = one_line(generate(lecture), lecture)
    assert line.startswith("Not one question could be proved")


def test_pictures_of_text_are_recognised_where_the_site_does_that(
    generate: Generate, tmp_path: Path, settings: Any, tesseract: str
) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scans.joined(pdfs.few_words(), scans.scanned(pdfs.prose(1))))
    assert one_line(generate(path), path).startswith(
        "This PDF holds pictures of text (pages: 2)"
    )
    settings.OCR = tesseract
    result = generate(path, "--questions", 2)
    assert result.code == 0
    exam = json.loads(result.out)
    assert {item["evidence"][0]["page"] for item in exam["questions"]} == {2}
    settings.OCR = "no-such-program"
    failed = generate(path)
    assert (failed.code, failed.out) == (1, "")
    assert "EXAMGEN_OCR is no-such-program, and there is no such program." in failed.err


def test_a_bad_file_ends_a_real_process_with_one_line_and_code_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "week1.pdf"
    path.write_bytes(hostile.truncated())
    run = alone(tmp_path, path)
    assert (run.returncode, run.stdout) == (1, b"")
    assert len(run.stderr.decode().splitlines()) == 1
    assert b"damaged" in run.stderr
