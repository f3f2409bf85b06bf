"""The parent's side: time, output, endings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exams.reading import Limits, ReadingError, process
from exams.reading.process import Child
from tests.samples import pdfs


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Puts a script in the child's place, to make it misbehave at will."""

    def stand_in(script: str) -> None:
        path = tmp_path / "stand_in.py"
        path.write_text(script)
        monkeypatch.setattr(process, "CHILD", path)

    return stand_in


LIMITS = Limits()


def outcome(path, limits=LIMITS):
    heard: list[dict[str, object]] = []
    with Child("read", path, limits) as child, pytest.raises(ReadingError) as caught:
        heard.extend(child.messages())
    assert child.process.returncode is not None
    return heard, caught.value


@pytest.mark.parametrize(
    ("script", "code", "params"),
    [
        ("import os; os.kill(os.getpid(), 6)", "too_complex", {"reason": "memory"}),
        ("import os; os.kill(os.getpid(), 24)", "too_complex", {"reason": "time"}),
        ("import os; os.kill(os.getpid(), 9)", "too_complex", {"reason": "time"}),
        ("import os; os.kill(os.getpid(), 27)", "too_complex", {"reason": "time"}),
        ("import os; os.kill(os.getpid(), 11)", "damaged", {}),
        ("raise SystemExit(3)", "damaged", {}),
        ("print('not json')", "damaged", {}),
        ("print('[]')", "damaged", {}),
        ('print(\'{"error": "boo", "self": 1}\')', "damaged", {}),
        (
            'print(\'{"error": "too_complex", "reason": "memory"}\')',
            "too_complex",
            {"reason": "memory"},
        ),
    ],
)
def test_each_ending_of_the_child_has_a_name(keep, stand_in, script, code, params):
    stand_in(script)
    heard, error = outcome(keep(b""))
    assert heard == []
    assert (error.code, error.params) == (code, params)


def test_what_was_said_before_the_end_is_kept(keep, stand_in):
    stand_in("import os; print('{\"page\": 1}', flush=True); os.abort()")
    heard, error = outcome(keep(b""))
    assert heard == [{"page": 1}]
    assert error.params == {"reason": "memory"}


def test_a_child_that_sleeps_is_ended_in_time(keep, stand_in):
    stand_in("import time; time.sleep(60)")
    started = time.monotonic()
    _, error = outcome(keep(b""), Limits(wall_seconds=0.3))
    assert (error.code, error.params) == ("too_complex", {"reason": "time"})
    assert time.monotonic() - started < 3


def test_a_child_that_talks_too_much_is_ended(keep, stand_in):
    stand_in("while True: print('{}' + ' ' * 10_000)")
    _, error = outcome(keep(b""), Limits(output_bytes=1_000_000))
    assert (error.code, error.params) == ("too_complex", {"reason": "output"})


def test_a_reader_that_stops_listening_leaves_no_child(keep, stand_in):
    stand_in("import time; print('{}', flush=True); time.sleep(60)")
    with Child("read", keep(b""), Limits()) as child:
        assert next(child.messages()) == {}
    assert child.process.returncode == -signal.SIGKILL


def test_the_child_obeys_its_own_limits(keep):
    path = keep(pdfs.prose(2))
    with Child("read", path, Limits()) as child:
        messages = list(child.messages())
    assert messages[0] == {"pages": 2}
    _, error = outcome(path, Limits(address_space=20 << 20))
    assert error.code in {"too_complex", "damaged"}
    _, error = outcome(path, Limits(answer_seconds=0.001))
    assert (error.code, error.params) == ("too_complex", {"reason": "time"})
    _, error = outcome(path, Limits(max_bytes=100))
    assert error.code == "too_large"


@pytest.mark.skipif(sys.platform != "linux", reason="parent death signal is Linux's")
def test_the_child_dies_with_its_parent(keep, tmp_path):
    script = (
        "import sys, pathlib, time\n"
        "from exams.reading import process, Limits\n"
        "child = process.Child('read', pathlib.Path(sys.argv[1]), Limits())\n"
        "print(child.process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    # A fifo never ends, so the child waits for its file for as long as it lives.
    fifo = tmp_path / "lecture.pdf"
    os.mkfifo(fifo)
    keeper = os.open(fifo, os.O_RDWR)
    try:
        parent = subprocess.Popen(
            [sys.executable, "-c", script, str(fifo)], stdout=subprocess.PIPE, text=True
        )
        with parent:
            assert parent.stdout is not None
            child = int(parent.stdout.readline())
            time.sleep(0.5)
            os.kill(child, 0)
            parent.kill()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and _alive(child):
            time.sleep(0.02)
        assert not _alive(child)
    finally:
        os.close(keeper)


def _alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"
