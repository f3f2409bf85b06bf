"""The parent's side: time, output, endings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from exams.reading import Limits, ReadingError, process, server
from exams.reading.process import Child
from exams.reading.server import FORKSERVER, Server
from tests.samples import pdfs


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Has children do a script, to make them misbehave at will."""
    ours = Server()
    monkeypatch.setattr(process, "SERVER", ours)

    def stand_in(script: str, patience: float = 60.0) -> None:
        path = tmp_path / "stand_in.py"
        path.write_text(
            "import runpy\n"
            f"server = runpy.run_path({str(FORKSERVER)!r})['Forkserver']\n"
            f"server(str, lambda order: exec({script!r}, {{}}), {patience}).run()\n"
        )
        monkeypatch.setattr(server, "FORKSERVER", path)

    yield stand_in
    ours.end()


LIMITS = Limits()


def outcome(path, limits=LIMITS):
    heard: list[dict[str, object]] = []
    with Child("read", path, limits) as child, pytest.raises(ReadingError) as caught:
        heard.extend(child.messages())
    assert child.returncode is not None
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
    assert child.returncode == -signal.SIGKILL


def test_the_child_obeys_its_own_limits(keep):
    path = keep(pdfs.prose(2))
    with Child("read", path, Limits()) as child:
        messages = list(child.messages())
    assert messages[0] == {"pages": 2}
    _, error = outcome(path, Limits(address_space=20 << 20))
    assert error.code in {"too_complex", "damaged"}
    _, error = outcome(path, Limits(max_bytes=100))
    assert error.code == "too_large"


@pytest.mark.skipif(sys.platform != "linux", reason="parent death signal is Linux's")
def test_the_child_dies_with_its_parent(keep, tmp_path):
    script = (
        "import sys, pathlib, time\n"
        "from exams.reading import process, server, Limits\n"
        "child = process.Child('read', pathlib.Path(sys.argv[1]), Limits())\n"
        "print(server.SERVER.processes[0].pid, flush=True)\n"
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
            pid = int(parent.stdout.readline())
            children = Path(f"/proc/{pid}/task/{pid}/children")
            eventually(children.read_text)
            family = [pid, *map(int, children.read_text().split())]
            assert len(family) == 2
            parent.kill()
        eventually(lambda: not any(map(_alive, family)))
    finally:
        os.close(keeper)


def eventually(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def test_children_share_a_server_until_one_of_them_crashes(keep, stand_in):
    """A crash may be an attack, and the next child must not have the same memory."""
    stand_in("import os; print('{\"parent\": %d}' % os.getppid())")
    path = keep(b"")

    def parent() -> int:
        with Child("read", path, LIMITS) as child:
            [message] = child.messages()
        return int(message["parent"])

    first = parent()
    assert parent() == first
    stand_in("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    process.SERVER.retire()
    crashed = process.SERVER
    outcome(path)
    assert crashed.orders is None
    stand_in("import os; print('{\"parent\": %d}' % os.getppid())")
    assert parent() != first
    # One that somebody killed is replaced as well.
    crashed.processes[-1].kill()
    crashed.processes[-1].wait()
    assert parent() != first


def test_a_server_that_nobody_orders_from_ends_and_is_replaced(keep, stand_in):
    stand_in("print('{}')", patience=0.05)
    path = keep(b"")
    for _ in range(2):
        with Child("read", path, LIMITS) as child:
            assert list(child.messages()) == [{}]
        [ended] = process.SERVER.processes
        assert ended.wait(5) == 0


def test_a_child_keeps_nothing_of_the_server_but_what_it_needs(keep, stand_in):
    stand_in(
        "import os, json\n"
        "print(json.dumps({'open': sorted(map(int, os.listdir('/proc/self/fd')))[:3],"
        " 'many': len(os.listdir('/proc/self/fd')), 'environment': dict(os.environ)}))"
    )
    with Child("read", keep(b""), LIMITS) as child:
        [message] = child.messages()
    # The fourth is the folder that is listed, and the language is set by Python.
    assert message == {
        "open": [0, 1, 2],
        "many": 4,
        "environment": {"LC_CTYPE": "C.UTF-8"},
    }
