from __future__ import annotations

from datetime import timedelta

from examgen.jobs import beats
from examgen.jobs.clock import now
from examgen.jobs.models import Beat


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
