from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.test import Client
from django.urls import reverse

from examgen.jobs import claims
from examgen.jobs.models import Job
from examgen.jobs.states import JobState
from tests.examgen.jobs.rows import claimed, fresh, job_for
from tests.factories import people

JOBS = "admin:jobs_job_changelist"


@pytest.fixture
def operator(client: Client, wired: None) -> Client:
    client.force_login(people.admin())
    return client


def act(client: Client, action: str, jobs: Iterable[Job]) -> str:
    chosen = [str(job.id) for job in jobs]
    form = {"action": action, "_selected_action": chosen}
    return client.post(reverse(JOBS), form, follow=True).content.decode()


def test_an_operator_tries_dead_jobs_again(operator: Client) -> None:
    dead, done = job_for(), claimed(job_for())
    Job.objects.filter(id=dead.id).update(state=JobState.DEAD, errors=6)
    assert done.lease_token is not None
    claims.finish(done.id, done.lease_token)
    answer = act(operator, "retry", [dead, done])
    assert "1 job is queued again." in answer
    assert (fresh(dead).state, fresh(dead).errors) == (JobState.QUEUED, 0)
    assert fresh(done).state == JobState.DONE


def test_an_operator_cancels_jobs(operator: Client) -> None:
    jobs = [job_for(), claimed(job_for())]
    answer = act(operator, "cancel", jobs)
    assert "2 jobs are cancelled." in answer
    assert {fresh(job).state for job in jobs} == {JobState.CANCELLED}


@pytest.mark.parametrize("model", ["event", "job", "tick"])
def test_an_operator_looks_and_does_not_write(operator: Client, model: str) -> None:
    job_for()
    assert operator.get(reverse(f"admin:jobs_{model}_changelist")).status_code == 200
    assert operator.get(reverse(f"admin:jobs_{model}_add")).status_code == 403


def test_an_event_is_not_deleted_or_changed_by_an_operator(operator: Client) -> None:
    event = job_for().event
    for page in ("change", "delete"):
        address = reverse(f"admin:jobs_event_{page}", args=[event.id])
        assert operator.post(address, {"name": "changed"}).status_code == 403
    event.refresh_from_db()
    assert event.name == "tested"
