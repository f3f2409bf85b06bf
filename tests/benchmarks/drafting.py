"""A worker that drafts: started by `bench-generation`, and tells what it took.

    python -m tests.benchmarks.drafting STARTED DOCUMENT [DOCUMENT ...]

Documents are pickled, and drafted one after the other with a question for each page.
`STARTED` is the time at which this process was asked for, so that what it loads counts
for the first. Prints one JSON line for each.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import django


@dataclass(frozen=True, slots=True)
class Drafted:
    """One document: seconds, the process's peak until then in MB, and the exam.

    `computed` are seconds of the processor, which a busy machine does not stretch;
    `verbatim` of the `quotes` stand in their page where they say.
    """

    seconds: float
    computed: float
    peak: float
    questions: int
    pages: int
    quotes: int
    verbatim: int
    sha256: str


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings.test")
    django.setup()
    # As in a worker: the services of every app are there before the first job.
    import exams.wiring  # noqa: F401, PLC0415
    from exams.formats import examgen_json  # noqa: PLC0415
    from tests.laboratory.measuring import (  # noqa: PLC0415
        draft,
        offline,
        peak_megabytes,
    )

    started, computing = float(sys.argv[1]), 0.0
    for path in sys.argv[2:]:
        document = pickle.loads(Path(path).read_bytes())
        exam = draft(document, offline(), len(document.pages)).exam
        evidence = [item for one in exam.questions for item in one.evidence]
        told = Drafted(
            seconds=time.time() - started,
            computed=time.process_time() - computing,
            peak=peak_megabytes(),
            questions=len(exam.questions),
            pages=len(document.pages),
            quotes=len(evidence),
            verbatim=sum(
                document.pages[item.page - 1].text[item.start : item.end] == item.quote
                for item in evidence
            ),
            sha256=hashlib.sha256(examgen_json.to_bytes(exam)).hexdigest(),
        )
        print(json.dumps(asdict(told)), flush=True)
        started, computing = time.time(), time.process_time()


if __name__ == "__main__":
    main()
