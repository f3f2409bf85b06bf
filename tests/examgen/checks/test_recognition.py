"""What `manage.py check` says of text recognition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from examgen.checks.recognition import check_ocr


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """A machine with a tesseract that knows English and Chinese."""
    program = tmp_path / "tesseract"
    program.write_text(
        "#!/bin/sh\n"
        'printf "List of available languages (3):\\neng\\nosd\\nchi_sim\\n"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    settings.OCR = "tesseract"
    return settings


def said() -> list[tuple[str | None, str, str | None]]:
    return [(found.id, found.msg, found.hint) for found in check_ocr()]


def test_it_is_off_unless_asked_for(settings: Any) -> None:
    assert settings.OCR == ""
    assert said() == []


def test_only_tesseract_is_known(settings: Any) -> None:
    settings.OCR = "eyes"
    assert said() == [
        (
            "examgen.E007",
            "EXAMGEN_OCR is 'eyes'.",
            "Leave it empty, or set it to: tesseract.",
        )
    ]


def test_it_must_be_installed(installed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert said() == [
        (
            "examgen.E008",
            "EXAMGEN_OCR is tesseract, and there is no such program.",
            "Install it (Debian: tesseract-ocr), or unset EXAMGEN_OCR.",
        )
    ]


@pytest.mark.parametrize("languages", ["eng", "chi_sim+eng"])
def test_languages_that_are_installed_are_fine(installed: Any, languages: str) -> None:
    installed.OCR_LANGUAGES = languages
    assert said() == []


def test_each_language_must_be_installed(installed: Any) -> None:
    installed.OCR_LANGUAGES = "eng+deu+chi_tra"
    assert said() == [
        (
            "examgen.E009",
            "EXAMGEN_OCR_LANGUAGES names what is not installed: deu, chi_tra.",
            (
                "Install it (Debian: tesseract-ocr-deu tesseract-ocr-chi-tra), or "
                "choose of: chi_sim, eng."
            ),
        )
    ]


@pytest.mark.parametrize("languages", ["", "eng,deu", "eng+", "-x eng", "../eng"])
def test_what_names_no_languages_is_told_how(installed: Any, languages: str) -> None:
    installed.OCR_LANGUAGES = languages
    assert said() == [
        (
            "examgen.E009",
            f"EXAMGEN_OCR_LANGUAGES is {languages!r}.",
            "Join the names of languages by +: eng+deu.",
        )
    ]


@pytest.mark.usefixtures("tesseract")
def test_the_real_one_knows_english(settings: Any) -> None:
    settings.OCR = "tesseract"
    assert said() == []
