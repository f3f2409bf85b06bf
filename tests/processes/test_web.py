"""`manage.py web`: what becomes of requests when clients, processes or it itself end."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import socket
import time
import uuid
from contextlib import ExitStack, suppress

import pytest

from exams import samples
from tests.examgen.waiting import wait_for
from tests.factories.people import PASSWORD
from tests.processes.fixtures import LECTURE
from tests.processes.site import Site, children, descendants
from tests.processes.web import Browser, Web, serve

WISH = {"questions": "12", "options": "4", "seed": "1"}

# With this cookie a form is read to its end, for the token that belongs to it.
FORM = b"csrfmiddlewaretoken=" + b"a" * 32
HEAD = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Cookie: csrftoken=" + b"a" * 32 + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
) % len(FORM)


@pytest.fixture
def site(empty_site: Site) -> Site:
    """A site without people, whose variables a test may set before it starts it."""
    empty_site.settings = "tests.processes.settings"
    empty_site.extra["EMAIL_URL"] = "dummymail://"
    return empty_site


def educator(site: Site) -> str:
    """Add the one person of the site, and return their address."""
    site.call("tests.factories.people", "educator", "mira@example.org")
    return "mira@example.org"


def signed_in(web: Web, email: str) -> Browser:
    browser = Browser(web)
    answer = browser.post("/accounts/login/", login=email, password=PASSWORD)
    assert answer.status == 302
    return browser


def processes(web: Web) -> set[int]:
    return set(children(web.process.pid).values())


# A stop


def test_a_request_in_flight_at_a_stop_is_answered_and_a_new_one_refused(
    site: Site,
) -> None:
    web = serve(site)
    family = [web.process.pid, *descendants(web.process.pid)]
    assert len(family) == 2
    with web.connect() as client:
        client.sendall(HEAD + FORM[:10])
        time.sleep(0.3)
        web.process.send(signal.SIGTERM)
        wait_for(lambda: not accepts(web), "new requests are refused")
        assert set(family) <= set(site.processes())
        client.sendall(FORM[10:])
        answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert web.process.wait(30) == 0
    assert site.processes() == {}


def accepts(web: Web) -> bool:
    try:
        web.connect().close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_stop_takes_no_longer_than_it_may_for_a_request_that_does_not_end(
    site: Site,
) -> None:
    site.extra["EXAMGEN_WEB_GRACE"] = "3"
    web = serve(site)
    with web.connect() as client:
        client.sendall(HEAD + FORM[:10])
        time.sleep(0.3)
        asked = time.monotonic()
        web.process.send(signal.SIGTERM)
        assert web.process.wait(30) == 0
    assert 2 < time.monotonic() - asked < 10
    assert site.processes() == {}


def test_a_killed_server_leaves_no_process(site: Site) -> None:
    web = serve(site)
    web.process.send(signal.SIGKILL)
    site.wait_until_empty()


def test_a_killed_process_is_replaced(site: Site) -> None:
    web = serve(site)
    (killed,) = processes(web)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: len(processes(web) - {killed}) == 1, "a new process")
    wait_for(web.answers, "an answer")
    assert '"level": "error"' in web.process.said()


# Clients


def test_clients_that_fall_silent_do_not_keep_their_threads(site: Site) -> None:
    """In their headers, in their form, and before they took what they asked for."""
    site.extra |= {"EXAMGEN_WEB_THREADS": "3", "EXAMGEN_WEB_SILENCE": "2"}
    web = serve(site)
    with ExitStack() as stack:
        for sent in (b"GET / HT", HEAD + FORM[:10]) * 3:
            client = stack.enter_context(web.connect())
            client.sendall(sent)
        time.sleep(0.5)
        asked = time.monotonic()
        assert web.answers()
        assert time.monotonic() - asked < 10
    web.process.stop()
    assert "exception" not in web.process.said()


def test_a_slow_upload_arrives_whole(site: Site) -> None:
    """Twice as long as a silent client has, but never silent."""
    site.extra["EXAMGEN_WEB_SILENCE"] = "2"
    email = educator(site)
    web = serve(site)
    browser = signed_in(web, email)
    content = samples.build(LECTURE)
    kind, body = browser.form("/lectures/", "a.pdf", content, **WISH)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with web.connect() as client:
        client.sendall(
            f"POST /lectures/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        step = len(body) // 8 + 1
        for start in range(0, len(body), step):
            client.sendall(body[start : start + step])
            time.sleep(0.5)
        assert client.recv(65536).startswith(b"HTTP/1.1 302 Found\r\n")
    (lecture,) = site.rows("SELECT * FROM exams_lecture")
    assert lecture["size"] == len(content)
    assert lecture["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % (b"a" * 8200), b"414"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nA: %s\r\n\r\n" % (b"a" * 9000), b"431"),
        (b"GET / HTTP/1.1\r\n%s\r\n" % (b"A: b\r\n" * 101), b"431"),
    ],
    ids=["a long line", "a long header", "many headers"],
)
def test_a_request_out_of_all_bounds_is_refused(
    site: Site, request_: bytes, status: bytes
) -> None:
    web = serve(site)
    with web.connect() as client:
        client.sendall(request_)
        with suppress(ConnectionResetError):
            assert client.recv(4096).split()[1] == status


# What cannot be started

ELSEWHERE = (
    "Nobody can listen at 192.0.2.1:8000: Cannot assign requested address. Choose "
    "another with --bind HOST:PORT."
)
NONE = (
    "EXAMGEN_WEB_WORKERS and EXAMGEN_WEB_THREADS (--workers, --threads) must be 1 or "
    "more."
)
TOO_MANY = (
    "SQLite serves one web process, not 2: leave away EXAMGEN_WEB_WORKERS (--workers), "
    "or set DATABASE_URL to a PostgreSQL."
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--bind=8000"],
            "8000 is no address to listen at: --bind 127.0.0.1:8000",
        ),
        (
            ["--bind=127.0.0.1:70000"],
            "127.0.0.1:70000 is no address to listen at: --bind 127.0.0.1:8000",
        ),
        (["--bind=192.0.2.1:8000"], ELSEWHERE),
        (["--threads=0"], NONE),
        (["--workers=2"], TOO_MANY),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    site: Site, arguments: list[str], said: str
) -> None:
    done = site.manage("web", *arguments)
    assert (done.returncode, done.stderr) == (1, f"CommandError: {said}\n")


def test_a_port_that_is_taken_is_named(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = site.manage("web", f"--bind=127.0.0.1:{port}")
    said = f"Port {port} is taken. Choose another with --bind HOST:PORT."
    assert (done.returncode, done.stderr) == (1, f"CommandError: {said}\n")


# Static files


def test_static_files_are_hashed_compressed_and_kept_for_ever(site: Site) -> None:
    site.settings = "examgen.settings"
    assert site.manage("collectstatic", "--no-input", "-v0").returncode == 0
    email = educator(site)
    browser = signed_in(serve(site), email)
    page = browser.get("/lectures/")[1].decode()
    named = set(re.findall(r'(?:href|src)="(/static/[^"#?]+)', page))
    seen: set[str] = set()
    while waiting := named - seen:
        path = waiting.pop()
        seen.add(path)
        answer, content = browser.get(path, Accept_Encoding="gzip")
        assert answer.status == 200, path
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", path), path
        if path.endswith((".css", ".js")) and len(content) > 500:
            assert answer.headers["Content-Encoding"] == "gzip", path
            assert answer.headers["Vary"] == "Accept-Encoding"
        if path.endswith(".js"):
            text = browser.get(path)[1].decode()
            imports = re.findall(r'\bfrom\s*"\./([^"]+)"', text)
            named |= {f"{path.rpartition('/')[0]}/{name}" for name in imports}
    assert {path.rpartition(".")[2] for path in seen} >= {"css", "js", "svg"}
    assert any("/js/" in path for path in seen)


# Logs

CANARIES = {
    "address": "canary-person@example.org",
    "name": "Canaria Vogel",
    "file": "canary-lecture.pdf",
    "password": "canary-password-17",
    "wrong": "canary-wrong-password",
    "typed": "canary-typed@example.org",
    "key": "canary-key",
    "query": "canary-query",
}


def test_no_line_of_any_process_holds_anything_personal(site: Site) -> None:
    email = educator(site)
    worker = site.start("work", "--queue", "heavy")
    web = serve(site)
    stranger = Browser(web)
    stranger.post(
        "/accounts/signup/",
        email=CANARIES["address"],
        password1=CANARIES["password"],
        name=CANARIES["name"],
    )
    wrong = {"login": CANARIES["address"], "password": CANARIES["wrong"]}
    stranger = Browser(web)
    assert stranger.post("/accounts/login/", **wrong).status == 200
    stranger.get("/accounts/password/reset/key/1-canary-key/")
    stranger.get(f"/?q={CANARIES['query']}", User_Agent="canary-agent")
    broken = stranger.get(f"/broken/canary-key/?typed={CANARIES['typed']}")[0]
    assert broken.status == 500
    browser = signed_in(web, email)
    good = browser.upload(
        "/lectures/", CANARIES["file"], samples.build(LECTURE), **WISH
    )
    assert good.status == 302
    browser.upload("/lectures/", "canary-bad.pdf", b"%PDF-nonsense", **WISH)
    with web.connect() as client:
        client.sendall(b"GET /canary-path HTTP/9\r\n\r\n")
        client.recv(4096)
    ends = ["draft", "failed"]
    wait_for(lambda: sorted(site.exam_states()) == ends, "both exams", every=0.05)
    web.process.stop()
    worker.stop()

    said = web.process.said() + worker.said()
    assert "canar" not in said.lower()
    assert "127.0.0.1" not in said
    for secret in (email, *browser.cookies.values(), *stranger.cookies.values()):
        assert secret not in said
    lines = [json.loads(line) for line in said.splitlines()]
    (failed,) = [line for line in lines if line["event"] == "request_failed"]
    assert failed["request"] == broken.headers["X-Request-ID"]
    assert (failed["route"], failed["status"]) == ("broken", 500)
    *_, place, code, error = failed["exception"].splitlines()
    assert place.endswith(", in broken")
    assert code == '    raise ValueError(key + request.GET["typed"])'
    assert error == "ValueError"
    events = {line.get("name") for line in lines if line["event"] == "event"}
    assert events >= {
        "user.signed_up",
        "lecture.uploaded",
        "lecture.read",
        "exam.ready",
    }
    uploaded = next(line for line in lines if line.get("name") == "lecture.uploaded")
    assert uploaded["request"] == good.headers["X-Request-ID"]
    jobs = [line for line in lines if line["event"] == "job_done"]
    assert uploaded["event_id"] in {line["event_id"] for line in jobs}
    users = {line.get("user") for line in lines if line["event"] == "request"}
    assert users == {None, *people(site)}


def people(site: Site) -> list[str]:
    """The ids of those who signed in."""
    rows = site.rows("SELECT id FROM accounts_user WHERE last_login IS NOT NULL")
    return [str(uuid.UUID(row["id"])) for row in rows]
