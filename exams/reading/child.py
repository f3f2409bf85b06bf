"""The process that touches the file: `python -I child.py COMMAND ORDER < lecture.pdf`.

It is started by file path with an empty environment, takes the PDF on standard input
(an open file, so that no path needs to be readable to it) and answers in JSON lines.
Only `recognise` takes a picture, and answers as tesseract does.
Limits are set here and not in the parent, because running Python between fork and
exec is unsafe in a process with threads; and they are set before the PDF libraries
are loaded, because those may already allocate.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

COMMANDS = {
    "inspect": "exams.reading.inspection",
    "read": "exams.reading.extraction",
    "render": "exams.reading.pictures",
}
RECOGNISE = "recognise"
PR_SET_PDEATHSIG = 1


def main() -> int:
    command, order = sys.argv[1], json.loads(sys.argv[2])
    die_with(order["parent"])
    set_limits(order)
    if command == RECOGNISE:
        become_tesseract(order)
    watch(order)
    know_the_package()
    try:
        work = importlib.import_module(COMMANDS[command])
        data = sys.stdin.buffer.read(order["max_bytes"] + 1)
        if len(data) > order["max_bytes"]:
            answer({"error": "too_large"})
            return 0
        for message in work.answers(data, order):
            answer(message)
            watch(order)
    except MemoryError:
        answer({"error": "too_complex", "reason": "memory"})
    # Skip every destructor: the work is done, and PDFium's clean-up of a hostile
    # file is one more chance to hang.
    sys.stdout.flush()
    os._exit(0)


def know_the_package() -> None:
    """Find modules beside this one, but not what the package brings for its users.

    That is the parent's side, and would take a third of the time a child needs to
    start. The path is made for these modules alone: nothing in the project may shadow
    the standard library.
    """
    folder = Path(__file__).resolve().parent
    for name, place in (("exams", folder.parent), ("exams.reading", folder)):
        package = ModuleType(name)
        package.__path__ = [str(place)]
        sys.modules[name] = package


def die_with(parent: int) -> None:
    """Make sure that no child outlives a worker that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def set_limits(order: dict[str, Any]) -> None:
    wanted = {
        resource.RLIMIT_AS: order["address_space"],
        resource.RLIMIT_CPU: order["cpu_seconds"],
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 32,
        resource.RLIMIT_CORE: 0,
    }
    for which, value in wanted.items():
        _, ceiling = resource.getrlimit(which)
        allowed = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(which, (allowed, allowed))


def become_tesseract(order: dict[str, Any]) -> NoReturn:
    """Go on as tesseract, which keeps limits and parent: picture in, TSV out."""
    os.execve(  # noqa: S606 - no shell
        order["program"],
        [
            *("tesseract", "stdin", "stdout", "-l", order["languages"]),
            *("--dpi", str(order["dots"]), "-c", "tessedit_create_tsv=1"),
        ],
        # More threads than one take more time in all, and others are waiting.
        {"OMP_THREAD_LIMIT": "1"},
    )


def watch(order: dict[str, Any]) -> None:
    """End this process unless it answers again before it has computed for so long.

    The signal's own effect is used: a handler would wait for the C code to return.
    """
    signal.setitimer(signal.ITIMER_PROF, order["answer_seconds"])


def answer(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, separators=(",", ":")) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
