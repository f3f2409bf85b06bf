"""Every code of a request is said in words."""

from __future__ import annotations

import re
from pathlib import Path

from exams import request_wording
from exams.services import drafting, requests, rescue


def test_every_reason_has_a_sentence_of_its_own() -> None:
    sources = [Path(str(module.__file__)) for module in (drafting, requests, rescue)]
    written = " ".join(path.read_text() for path in sources)
    raised = set(re.findall(r'RefusedRequestError\("(\w+)"\)', written))
    raised |= set(re.findall(r'_fail\(run, request, "(\w+)"\)', written))
    raised |= set(re.findall(r'code = "(\w+)" if stopped else "(\w+)"', written)[0])
    assert raised == set(request_wording.REQUEST_PROBLEMS)
    said = {request_wording.request_problem(code) for code in raised}
    assert len(said) == len(raised)
    assert request_wording.request_problem("of a later release") in said
