"""What must be true of a site when the dust has settled."""

from __future__ import annotations

from collections.abc import Mapping

from tests.processes.site import Site


def assert_sound(site: Site) -> None:
    """Every invariant holds."""
    if site.rows("SELECT id FROM jobs_job WHERE queue = 'fast' AND state = 'queued'"):
        # Workers of the other queue alone have run: the mails would wait for ever.
        site.call("tests.processes.uploading", "do_the_rest")
    verdict = site.manage("verify_invariants", "--read")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def assert_one_exam(site: Site, lost: Mapping[str, int] | None = None) -> None:
    """One lecture became one exam, each step took hold once, and nothing is left over.

    `lost` says how many leases the job of each consumer is to have lost.
    """
    (lecture,) = site.rows("SELECT * FROM exams_lecture")
    assert lecture["state"] == "read"
    pages = site.rows("SELECT number FROM exams_page ORDER BY number")
    numbers = [page["number"] for page in pages]
    assert numbers == list(range(1, lecture["page_count"] + 1))

    (exam,) = site.rows("SELECT * FROM exams_exam")
    assert exam["state"] == "draft"
    (ready,) = site.events("exam.ready")
    questions = site.rows("SELECT position FROM exams_question ORDER BY position")
    positions = [question["position"] for question in questions]
    assert positions == list(range(1, ready["data"]["questions"] + 1))
    assert len(positions) > 0

    # Who is told of it, and how, is another story: see test_mails.
    names = [row["name"] for row in site.rows("SELECT name FROM jobs_event")]
    # What the app of tests/chaos does by the clock is none of the exam's.
    told = [name for name in names if not name.startswith("drill.")]
    assert sorted(told) == [
        "exam.ready",
        "exam.requested",
        "lecture.read",
        "lecture.uploaded",
    ]
    jobs = site.jobs_of("exams")
    assert [(job["consumer"], job["state"], job["errors"]) for job in jobs] == [
        ("exams.read_lecture", "done", 0),
        ("exams.generate_exam", "done", 0),
    ]
    if lost is not None:
        assert {job["consumer"]: job["lost_leases"] for job in jobs} == dict(lost)
    assert_sound(site)
