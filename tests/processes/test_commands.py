"""What the command line answers to whoever called it."""

from __future__ import annotations

from tests.processes.site import Site


def test_a_broken_invariant_is_named_and_the_exit_code_is_1(site: Site) -> None:
    (lecture,) = site.rows("SELECT * FROM exams_lecture")
    site.change("UPDATE exams_lecture SET file = 'elsewhere.pdf'")
    verdict = site.manage("verify_invariants")
    assert verdict.returncode == 1
    assert "every_row_has_its_object: 1 broken" in verdict.stdout
    assert "no object elsewhere.pdf" in verdict.stderr
    assert lecture["id"] in verdict.stderr.replace("-", "")
    assert "Traceback" not in verdict.stderr
