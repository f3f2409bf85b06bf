from __future__ import annotations

from datetime import timedelta

from examgen.jobs import beats
from examgen.jobs.clock import now
from examgen.jobs.models import Beat
from examgen.jobs.stopping import StopFlag
from tests.examgen.waiting import wait_for
from tests.threads import together


def test_a_worker_that_says_so_is_alive(db: None) -> None:
    beats.beat("fast")
    beats.beat("fast")
    beats.beat("heavy")
    assert beats.alive() == {"fast": 1, "heavy": 1}
    beats.leave("heavy")
    assert beats.alive() == {"fast": 1, "heavy": 0}


def test_a_silent_worker_is_missed_after_three_beats(db: None, settings) -> None:
    settings.JOB_BEAT_SECONDS = 10
    beats.beat("fast")
    Beat.objects.update(at=now() - timedelta(seconds=29))
    assert beats.alive() == {"fast": 1, "heavy": 0}
    Beat.objects.update(at=now() - timedelta(seconds=31))
    assert beats.alive() == {"fast": 0, "heavy": 0}


def test_a_worker_that_ended_without_a_word_is_forgotten(db: None) -> None:
    Beat.objects.create(worker="fast@gone:1", queue="fast", at=now())
    Beat.objects.update(at=now() - timedelta(hours=23))
    beats.beat("heavy")
    assert Beat.objects.count() == 2
    Beat.objects.filter(queue="fast").update(at=now() - timedelta(hours=25))
    beats.beat("heavy")
    assert list(Beat.objects.values_list("queue", flat=True)) == ["heavy"]


def test_a_worker_says_that_it_lives_until_it_ends(
    shared_database: None, settings
) -> None:
    settings.JOB_BEAT_SECONDS = 0.05
    stopping = StopFlag()

    def look() -> list[dict[str, int]]:
        try:
            wait_for(lambda: beats.alive()["fast"], "a first beat")
            Beat.objects.update(at=now() - timedelta(hours=1))
            wait_for(lambda: beats.alive()["fast"], "another beat")
            return [beats.alive()]
        finally:
            stopping.set()

    def keep() -> list[dict[str, int]]:
        beats.keep("fast", stopping)
        return []

    assert together([look, keep]) == [[{"fast": 1, "heavy": 0}], []]
    assert beats.alive() == {"fast": 0, "heavy": 0}
