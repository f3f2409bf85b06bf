from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from api.models import OnceRequest
from api.services import once
from examgen.jobs.clock import now
from tests.api.programs import Program, problem
from tests.factories import exams, people
from tests.threads import together

pytestmark = pytest.mark.django_db


def begun(user: User, key: str = "k", fingerprint: str = "f"):
    return once.begin(user=user, key=key, fingerprint=fingerprint)


def test_the_second_gets_the_answer_of_the_first(educator: User) -> None:
    once.keep(request=begun(educator), status=201, body={"id": "1"})
    assert begun(educator) == once.Answer(201, {"id": "1"})


def test_two_at_once_are_not_both_done(educator: User) -> None:
    begun(educator)
    with pytest.raises(once.InProgressError):
        begun(educator)


def test_another_request_under_the_same_key_is_refused(educator: User) -> None:
    once.keep(request=begun(educator), status=201, body={})
    with pytest.raises(once.KeyReusedError):
        begun(educator, fingerprint="g")


def test_what_was_refused_may_be_sent_again(educator: User) -> None:
    once.forget(request=begun(educator))
    assert isinstance(begun(educator, fingerprint="mended"), OnceRequest)


def test_keys_are_everybodys_own(educator: User, student: User) -> None:
    once.keep(request=begun(educator), status=201, body={"secret": 1})
    assert isinstance(begun(student), OnceRequest)


def test_what_died_on_its_way_is_done_by_the_next(educator: User) -> None:
    row = begun(educator)
    OnceRequest.objects.update(begun_at=now() - once.GIVEN_UP_AFTER)
    again = begun(educator)
    assert isinstance(again, OnceRequest)
    assert again.pk == row.pk
    with pytest.raises(once.InProgressError):
        begun(educator)


def test_what_was_taken_over_is_no_more_of_the_first(educator: User) -> None:
    first = begun(educator)
    first.begun_at -= once.GIVEN_UP_AFTER
    OnceRequest.objects.update(begun_at=first.begun_at)
    second = begun(educator)
    assert isinstance(second, OnceRequest)
    once.forget(request=first)
    assert once.keep(request=first, status=201, body={"id": "1"}) is False
    assert once.keep(request=second, status=201, body={"id": "2"}) is True
    once.forget(request=second)
    assert begun(educator) == once.Answer(201, {"id": "2"})


def test_answers_are_forgotten_after_a_day(educator: User) -> None:
    once.keep(request=begun(educator), status=201, body={})
    OnceRequest.objects.update(begun_at=now() - 1.01 * once.KEPT_FOR)
    assert isinstance(begun(educator, key="other"), OnceRequest)
    assert OnceRequest.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_whole_is_taken_back_when_another_took_it_over(
    teacher: Program, educator: User
) -> None:
    """It hangs for so long, before it writes, that the next one begins it anew."""
    exam = exams.exam(educator)
    before = exam.lecture.exams.count()
    took: list[Any] = []

    def take_over() -> None:
        OnceRequest.objects.update(begun_at=now() - 2 * once.GIVEN_UP_AFTER)
        row = OnceRequest.objects.get()
        took.append(begun(educator, row.key, row.fingerprint))

    def hang(execute, sql, params, many, context):
        if not took and sql.startswith('INSERT INTO "exams_exam"'):
            together([take_over])
        return execute(sql, params, many, context)

    path = f"lectures/{exam.lecture_id}/exams/"
    with connection.execute_wrapper(hang):
        answer = teacher.post(path, {}, idempotency_key="k")
    assert problem(answer) == (409, "key_in_progress")
    assert exam.lecture.exams.count() == before
    (second,) = took
    row = OnceRequest.objects.get()
    assert (row.begun_at, row.status) == (second.begun_at, None)


def test_answers_go_after_a_day_by_themselves(educator: User) -> None:
    once.keep(request=begun(educator), status=201, body={})
    OnceRequest.objects.update(begun_at=now() - 1.01 * once.KEPT_FOR)
    begun(people.student("kim@example.org"))
    assert once.forget_old() == 1
    assert OnceRequest.objects.get().user.email == "kim@example.org"
