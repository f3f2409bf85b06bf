"""What a forked child does with one file: `forkserver` -> `work`.

It takes the PDF on standard input (an open file, so that no path needs to be readable
to it) and answers in JSON lines. Only `recognise` takes a picture, and answers as
tesseract does. Limits are set before a byte of the file is read.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import sys
from typing import Any, NoReturn

MODULES = {
    "inspect": "exams.reading.inspection",
    "read": "exams.reading.extraction",
    "render": "exams.reading.pictures",
}
RECOGNISE = "recognise"
PR_SET_PDEATHSIG = 1


def load(command: str) -> None:
    """In the server: what the children of this command need, and all after it have."""
    if command in MODULES and MODULES[command] not in sys.modules:
        importlib.import_module(MODULES[command])
        # What stays for good is looked at by no collection, so children share it.
        gc.freeze()


def work(order: dict[str, Any]) -> None:
    die_with(order["server"])
    set_limits(order)
    if order["command"] == RECOGNISE:
        become_tesseract(order)
    watch(order)
    try:
        data = sys.stdin.buffer.read(order["max_bytes"] + 1)
        if len(data) > order["max_bytes"]:
            answer({"error": "too_large"})
            return
        for message in sys.modules[MODULES[order["command"]]].answers(data, order):
            answer(message)
            watch(order)
    except MemoryError:
        answer({"error": "too_complex", "reason": "memory"})


def die_with(server: int) -> None:
    """Make sure that no child outlives the server, which ends with its worker."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server:  # it died before we asked
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
