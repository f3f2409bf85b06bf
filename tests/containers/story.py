"""What people and operators do with the composed site, in this order.

Not collected by itself: `make container-test` builds the image, starts the compose file
and then runs this module against it.
"""

from __future__ import annotations

import json
import re
import uuid
from subprocess import CompletedProcess
from typing import Any

import pytest

from exams import samples
from tests.containers import images
from tests.containers.stack import ONE_SHOTS, ROLES, SERVICES, Stack
from tests.containers.visitor import Visitor
from tests.examgen.waiting import wait_for

PASSWORD = "examgen-demo"
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WISH = {"questions": "6", "options": "4", "seed": "1"}


@pytest.fixture(scope="module")
def educator(stack: Stack) -> Visitor:
    visitor = Visitor(stack.url)
    answer = visitor.post(
        "/accounts/login/", login="educator@example.com", password=PASSWORD
    )
    assert answer.url == f"{stack.url}/"
    return visitor


# As an operator finds it


def test_every_service_is_healthy_and_what_runs_once_has_ended_well(
    stack: Stack,
) -> None:
    stay = (*ROLES, *SERVICES)
    states = {name: stack.facts(name)["State"] for name in (*stay, *ONE_SHOTS)}
    health = {name: states[name]["Health"]["Status"] for name in stay}
    assert health == dict.fromkeys(stay, "healthy")
    ends = {
        name: (states[name]["Status"], states[name]["ExitCode"]) for name in ONE_SHOTS
    }
    assert ends == dict.fromkeys(ONE_SHOTS, ("exited", 0))


def test_nothing_is_reached_but_two_pages_on_loopback(stack: Stack) -> None:
    published = {
        name: [
            (address["HostIp"], address["HostPort"])
            for addresses in stack.facts(name)["NetworkSettings"]["Ports"].values()
            for address in addresses or []
        ]
        for name in (*ROLES, *SERVICES)
    }
    assert {name: ports for name, ports in published.items() if ports} == {
        "web": [("127.0.0.1", str(stack.port))],
        "mail": [("127.0.0.1", str(stack.mail_port))],
    }


def test_every_container_is_without_root_rights_and_cannot_change_its_files(
    stack: Stack,
) -> None:
    for name in (*ROLES, *SERVICES):
        facts = stack.facts(name)
        host = facts["HostConfig"]
        assert facts["Config"]["User"] not in {"", "0", "root"}, name
        assert host["ReadonlyRootfs"] is True, name
        assert host["CapDrop"] == ["ALL"], name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["Init"] is True, name
        assert host["RestartPolicy"]["Name"] == "unless-stopped", name


@pytest.mark.parametrize("role", ROLES)
def test_the_product_itself_finds_no_rights_and_no_place_to_write(
    stack: Stack, role: str
) -> None:
    probe = """
        id -u
        grep -E '^(CapEff|NoNewPrivs)' /proc/self/status
        for place in /srv/examgen/x /opt/venv/x /root/x /etc/x
        do (: > $place) 2>/dev/null && echo "wrote $place"; done
        : > /tmp/x && rm /tmp/x && echo "wrote /tmp"
    """
    said = stack.engine.docker("exec", stack.container(role), "sh", "-c", probe)
    assert said.stdout.split("\n") == [
        "10001",
        "CapEff:\t0000000000000000",
        "NoNewPrivs:\t1",
        "wrote /tmp",
        "",
    ]


# The image


def test_the_image_holds_the_product_and_nothing_else(stack: Stack) -> None:
    said = _in_image(stack, "ls -A /srv/examgen /srv/examgen/deploy").stdout
    names = [name for name in said.split() if name != "__pycache__"]
    assert names == [
        *("/srv/examgen:", "LICENSE", "accounts", "api", "collected", "deploy"),
        *("examgen", "exams", "manage.py", "notifications", "scoring", "static"),
        "templates",
        *("/srv/examgen/deploy:", "entrypoint.sh", "health.py"),
    ]
    assert "pip" not in _in_image(stack, "ls /opt/venv/lib/*/site-packages").stdout


def test_no_layer_and_no_setting_of_the_image_holds_a_secret(stack: Stack) -> None:
    (image,) = json.loads(
        stack.engine.docker("image", "inspect", images.PRODUCT).stdout
    )
    names = {line.partition("=")[0] for line in image["Config"]["Env"]}
    assert not [name for name in names if re.search("KEY|SECRET|PASSWORD|URL", name)]
    look = "find / -xdev -name .env -o -name '*.sqlite3' -o -path '*/examgen/secret'"
    assert _in_image(stack, look).stdout == ""
    assert image["Config"]["Labels"]["org.opencontainers.image.title"] == "Examgen"


def test_bytecode_is_in_the_image_for_every_module(stack: Stack) -> None:
    said = _in_image(
        stack,
        "for file in $(find /srv/examgen -name '*.py' -size +0);"
        " do cached=$(dirname $file)/__pycache__/$(basename $file .py).cpython-*.pyc;"
        " ls $cached >/dev/null 2>&1 || echo $file; done",
    )
    assert said.stdout == ""


def test_a_role_that_does_not_exist_is_refused_with_those_that_do(
    stack: Stack,
) -> None:
    said = stack.engine.docker("run", "--rm", images.PRODUCT, "wrok", check=False)
    assert said.returncode == 64
    assert said.stderr == (
        "Unknown role: wrok.\nRoles: web, worker-fast, worker-heavy, migrate, demo, "
        "manage COMMAND ..., health.\n"
    )


def test_an_unknown_set_of_extras_stops_the_build_with_its_name(stack: Stack) -> None:
    built = images.build_product(
        stack.engine, "--build-arg", "EXTRAS=nope", check=False
    )
    assert built.returncode != 0
    assert (
        "EXTRAS names the set 'nope', and there is no requirements/nope.txt."
        in built.stdout + built.stderr
    )


def test_a_site_with_secrets_of_the_demo_is_refused(stack: Stack) -> None:
    settings = ("--env", "EXAMGEN_DEMO=0")
    said = stack.compose(
        *("run", "--rm", "--no-deps", *settings, "migrate"), check=False
    )
    assert said.returncode == 1
    refused = re.findall(r"(\w+) is still the demo's", said.stdout + said.stderr)
    assert refused == [
        *("EXAMGEN_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"),
        "S3_SECRET_ACCESS_KEY",
    ]


# As people find it


def test_the_start_page_offers_the_demo_and_every_part_answers(stack: Stack) -> None:
    visitor = Visitor(stack.url)
    start = visitor.get("/")
    assert start.status == 200
    assert "Try the demo" in start.text
    styles = re.findall(r'href="(/static/css/[^"]+)"', start.text)
    assert styles
    assert all(re.search(r"\.[0-9a-f]{12}\.css$", style) for style in styles)
    assert {visitor.get(style).status for style in styles} == {200}
    # Workers say every few seconds that they are there.
    wait_for(lambda: _parts(visitor) == {"ok"}, "every part answers", every=0.5)


def test_the_demo_shows_its_exams_and_a_board(educator: Visitor) -> None:
    exams = set(re.findall(rf"/exams/({ID})/", educator.get("/exams/").text))
    assert len(exams) == 5
    boards = [educator.get(f"/exams/{exam}/scoreboard/") for exam in exams]
    assert any("Priya" in board.text for board in boards)
    assert {_document(educator, exam)["format"] for exam in exams} == {"examgen/1"}


def test_a_lecture_uploaded_through_the_page_becomes_a_draft(educator: Visitor) -> None:
    (lecture,) = _upload(educator, 1)
    exam = _drafted(educator, lecture)
    document = _document(educator, exam)
    assert len(document["questions"]) == 6
    assert all(question["evidence"] for question in document["questions"])
    review = educator.get(f"/exams/{exam}/review/")
    assert review.status == 200
    (picture,) = re.findall(r'<img src="(/lectures/[^"]+\.webp)"', review.text)
    image = educator.get(picture)
    assert (image.status, image.headers["Content-Type"]) == (200, "image/webp")
    assert (image.body[:4], image.body[8:12]) == (b"RIFF", b"WEBP")


def test_what_is_an_educators_does_not_exist_for_others(
    stack: Stack, educator: Visitor
) -> None:
    (exam, *_) = re.findall(rf"/exams/({ID})/", educator.get("/exams/").text)
    other = Visitor(stack.url)
    other.post("/accounts/login/", login="admin@example.com", password=PASSWORD)
    assert other.get(f"/exams/{exam}/").status == 404


def test_mail_of_a_sign_up_lies_in_the_mail_catcher(stack: Stack) -> None:
    visitor = Visitor(stack.url)
    address = f"{uuid.uuid4().hex[:8]}@example.org"
    visitor.post(
        "/accounts/signup/", email=address, password1="four quiet green leaves"
    )
    lead = visitor.get("/demo/mailbox/", follow=False)
    assert (lead.status, lead.headers["Location"]) == (302, stack.mailbox)
    catcher = Visitor(stack.mailbox)

    def mails() -> list[dict[str, Any]]:
        caught = json.loads(catcher.get("/api/v1/messages").text)["messages"]
        return [mail for mail in caught if mail["To"][0]["Address"] == address]

    (mail,) = wait_for(mails, "the mail is caught", every=0.2)
    assert re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", mail["Snippet"])


# What may happen to it


def test_a_worker_stopped_in_the_middle_loses_nothing(
    stack: Stack, educator: Visitor
) -> None:
    lectures = _upload(educator, 4)
    worker = stack.container("worker-heavy")
    stack.engine.docker("stop", "--time", "60", worker)
    # Who does not end in time is killed, and that would be another code.
    stopped = stack.facts("worker-heavy")["State"]
    assert (stopped["Status"], stopped["ExitCode"]) == ("exited", 0)
    made = [lecture for lecture in lectures if _exam_of(educator, lecture)]
    assert len(made) < len(lectures)

    stack.engine.docker("start", worker)
    for lecture in lectures:
        exam = _drafted(educator, lecture)
        assert len(_document(educator, exam)["questions"]) == 6


@pytest.mark.parametrize("role", ROLES)
def test_every_role_hears_that_it_is_to_stop(stack: Stack, role: str) -> None:
    container = stack.container(role)
    stack.engine.docker("stop", "--time", "60", container)
    assert stack.facts(role)["State"]["ExitCode"] == 0
    stack.engine.docker("start", container)


def test_health_tells_a_stopped_process_from_one_that_lives(stack: Stack) -> None:
    container = stack.container("worker-fast")
    health = ("exec", container, "examgen", "health")
    wait_for(
        lambda: stack.engine.docker(*health, check=False).returncode == 0,
        "the worker lives",
        every=0.5,
    )
    freeze = "kill -{} $(cut -d' ' -f2 /tmp/examgen-role)"
    stack.engine.docker("exec", container, "sh", "-c", freeze.format("STOP"))
    said = stack.engine.docker(*health, check=False)
    assert (said.returncode, said.stderr) == (1, "worker-fast is stopped.\n")
    stack.engine.docker("exec", container, "sh", "-c", freeze.format("CONT"))
    assert stack.engine.docker(*health, check=False).returncode == 0


def test_in_the_end_every_invariant_holds(stack: Stack) -> None:
    wait_for(lambda: Visitor(stack.url).get("/healthz"), "the site is back", every=0.5)
    said = stack.manage("verify_invariants", check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    lines = said.stdout.splitlines()
    assert lines
    assert all(line.endswith(": holds") for line in lines)


def _in_image(stack: Stack, script: str) -> CompletedProcess[str]:
    """What a shell finds in the image; some places are not for this account."""
    return stack.engine.docker(
        *("run", "--rm", "--entrypoint", "sh", images.PRODUCT, "-c", script),
        check=False,
    )


def _parts(visitor: Visitor) -> set[str]:
    return set(json.loads(visitor.get("/readyz").text).values())


def _upload(educator: Visitor, number: int) -> list[str]:
    """Upload so many lectures at once, none of them seen before; return their ids."""
    before = _lectures(educator)
    sample = samples.build("computer-networks")
    files = {
        f"networks-{n}.pdf": sample + f"\n% {uuid.uuid4()}\n".encode()
        for n in range(number)
    }
    answer = educator.upload("/lectures/", "lectures", files, **WISH)
    assert answer.status == 200
    new = [lecture for lecture in _lectures(educator) if lecture not in before]
    assert len(new) == number
    return new


def _lectures(educator: Visitor) -> list[str]:
    text = educator.get("/lectures/").text
    return list(dict.fromkeys(re.findall(rf'href="/lectures/({ID})/"', text)))


def _exam_of(educator: Visitor, lecture: str) -> str | None:
    """The exam of a lecture, once it is drafted."""
    text = educator.get(f"/lectures/{lecture}/").text
    for exam in re.findall(rf"/exams/({ID})/", text):
        if educator.get(f"/exams/{exam}/exam.json").status == 200:
            return str(exam)
    return None


def _drafted(educator: Visitor, lecture: str) -> str:
    exam = wait_for(
        lambda: _exam_of(educator, lecture),
        "the exam is drafted",
        every=0.3,
        seconds=180,
    )
    assert exam
    return exam


def _document(educator: Visitor, exam: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(educator.get(f"/exams/{exam}/exam.json").text)
    return document
