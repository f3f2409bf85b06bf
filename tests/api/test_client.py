"""The example client drives the story over a real connection."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.api.programs import token
from tests.factories import lectures, people

PATH = Path(__file__).parents[2] / "docs" / "examples" / "client.py"
spec = importlib.util.spec_from_file_location("example_client", PATH)
assert spec is not None
assert spec.loader is not None
client: Any = importlib.util.module_from_spec(spec)
sys.modules["example_client"] = client
spec.loader.exec_module(client)


@pytest.mark.django_db(transaction=True)
def test_the_story_is_driven_by_the_example_client(live_server: Any) -> None:
    teacher = client.Site(live_server.url, token(people.educator()))
    taker = client.Site(live_server.url, token(people.student()))
    lecture = teacher.upload("lectures/", "week1.pdf", lectures.pdf(), "week-1").body
    again = teacher.upload("lectures/", "week1.pdf", lectures.pdf(), "week-1").body
    assert again == lecture
    lectures.run_jobs()
    told = teacher.get(f"lectures/{lecture['id']}/").body
    (exam,) = told["exams"]
    assert exam["state"] == "draft"
    base = f"exams/{exam['id']}/"
    for question in teacher.get(f"{base}questions/").body["results"]:
        seen = teacher.get(f"{base}questions/{question['id']}/")
        address = f"{base}questions/{question['id']}/decision/"
        teacher.post(address, {"decision": "accepted"}, if_match=seen.etag)
    rules = {"course": None, "minutes": 30, "release": "at_submit"}
    published = teacher.post(f"{base}publish/", rules).body
    joined = taker.post("join/", {"code": published["version"]["code"]}).body
    assert joined == {"course_id": None, "exam_id": exam["id"]}
    attempt = taker.post(f"take/{exam['id']}/").body
    mine = f"attempts/{attempt['id']}/"
    paper = taker.get(f"{mine}paper/").body
    assert len(paper) == published["kept"]
    done = taker.post(f"{mine}submit/", {"protocol": 1}).body
    assert taker.get(f"{mine}receipt/").body["receipt"] == done["receipt"]
    result = taker.get(f"{mine}result/").body
    assert result["score"]["points"] == "0.0000"
    lectures.run_jobs()
    board = teacher.get(f"{base}scoreboard/").body
    assert [line["name"] for line in board["results"]] == ["student@example.org"]
    with pytest.raises(client.ProblemError) as refused:
        taker.get(base)
    assert refused.value.code == "educators_only"
