"""Lectures and exams, the jobs that make them, and what runs in containers."""

from __future__ import annotations

from examgen.settings.declared.variable import Kind, Section, Variable


def _seconds(name: str, meaning: str, default: str, least: float) -> Variable:
    return Variable(name, meaning, Kind.NUMBER, default=default, least=least)


WORK = Section(
    "Lectures, exams, jobs",
    (
        Variable(
            "EXAMGEN_LECTURE_MAX_MB",
            "largest file",
            Kind.WHOLE,
            default="50",
            least=1,
        ),
        Variable(
            "EXAMGEN_LECTURE_MAX_PAGES",
            "most pages",
            Kind.WHOLE,
            default="500",
            least=1,
        ),
        Variable(
            "EXAMGEN_OCR",
            "text recognition on pages that are pictures, off if empty; `tesseract`, "
            "installed beside the product: see [operations.md](operations.md)",
            Kind.WORD,
            words=("tesseract",),
        ),
        Variable(
            "EXAMGEN_OCR_LANGUAGES",
            "languages that it looks for, by its own names, joined by `+`; each costs "
            "time",
            default="eng",
            example="eng+deu",
        ),
        Variable(
            "EXAMGEN_ENGINE",
            "engine of exams that name none",
            default="offline",
        ),
        Variable(
            "EXAMGEN_ENGLISH_MODEL",
            "what the offline engine parses English by: empty for the model of "
            "`requirements/nlp.txt`, a folder for a spaCy model of your own, `none` for "
            "word lists alone, which is also what it does where there is no model",
            example="/srv/models/en_core_web_md",
        ),
        Variable(
            "EXAMGEN_BELL",
            "who wakes workers; `none`: they poll; `celery`: Celery over Redis, with "
            "PostgreSQL",
            default="none",
        ),
        Variable(
            "REDIS_URL",
            "the broker of `celery`, and the cache",
            Kind.ADDRESS,
            example="redis://:password@host:6379/0",
        ),
        Variable(
            "CACHE_URL",
            "a Redis of its own for limits and kept pages",
            Kind.ADDRESS,
            otherwise="`REDIS_URL`",
        ),
        Variable(
            "EXAMGEN_FAST_PROCESSES",
            "worker processes with `celery` for what is quick",
            Kind.WHOLE,
            default="2",
            least=1,
        ),
        Variable(
            "EXAMGEN_HEAVY_PROCESSES",
            "and for what reads and drafts",
            Kind.WHOLE,
            default="2",
            least=1,
        ),
        _seconds(
            "EXAMGEN_JOB_LEASE",
            "seconds without a sign of life before a worker is taken for dead",
            "60",
            0.1,
        ),
        Variable(
            "EXAMGEN_JOB_HEARTBEAT",
            "seconds between signs of life",
            Kind.NUMBER,
            otherwise="a quarter of the lease",
            least=0.01,
        ),
        _seconds(
            "EXAMGEN_JOB_LIMIT",
            "seconds after which a job hangs, and its process ends",
            "240",
            0.1,
        ),
        _seconds(
            "EXAMGEN_JOB_BACKOFF",
            "seconds of the first wait after an error; doubles each time",
            "5",
            0,
        ),
        _seconds(
            "EXAMGEN_JOB_STORE_WAIT",
            "seconds after it was asked for in which a job waits for a store that is "
            "away, uncounted",
            "86400",
            0,
        ),
        _seconds("EXAMGEN_JOB_POLL", "seconds between looks for due jobs", "0.5", 0.01),
        _seconds(
            "EXAMGEN_JOB_SWEEP",
            "seconds between looks for periodic work and lost jobs",
            "2",
            0.01,
        ),
        _seconds(
            "EXAMGEN_JOB_OVERDUE",
            "seconds after which a job that nobody came for is run by the sweeper",
            "5",
            0,
        ),
        _seconds(
            "EXAMGEN_JOB_WATCHDOG",
            "seconds of doing nothing while jobs are due, after which a worker ends "
            "itself",
            "60",
            0.1,
        ),
        _seconds(
            "EXAMGEN_JOB_BEAT", "seconds between a worker's signs of life", "10", 0.01
        ),
    ),
    after="`rediss://` is Redis by TLS: "
    "`rediss://:password@host:6379/0?ssl_ca_certs=/path/to/ca.pem`,\nwith "
    "`ssl_certfile` and `ssl_keyfile` where clients need a certificate too. Other "
    "options\nof an address of Redis are refused.",
)


def _outside(
    name: str, meaning: str, default: str = "", kind: Kind = Kind.TEXT
) -> Variable:
    return Variable(name, meaning, kind, default=default, outside=True)


CONTAINERS = Section(
    "Containers",
    (
        _outside("PORT", "port on 127.0.0.1 of the site", "8000", Kind.WHOLE),
        _outside(
            "MAIL_PORT", "port on 127.0.0.1 of the mail catcher", "8025", Kind.WHOLE
        ),
        _outside(
            "POSTGRES_PASSWORD",
            "letters and digits, since it becomes part of an address",
            "demo-only",
            Kind.SECRET,
        ),
        _outside(
            "REDIS_PASSWORD",
            "letters and digits, since it becomes part of an address",
            "demo-only",
            Kind.SECRET,
        ),
        _outside("EXAMGEN_TAG", "tag of the product's image", "local"),
        _outside(
            "EXTRAS",
            "further sets to build into the image: each is `requirements/NAME.txt`",
        ),
    ),
    before="`docker-compose.yml` reads these from the environment or from `.env` beside "
    "it, and hands\nmost others on this page to the product; tests/examgen/settings/test_declared.py "
    "has the\nfew that are tied to its services.",
)

TESTS = Section(
    "Tests",
    (
        _outside(
            "EXAMGEN_REQUIRE_BROWSER",
            "fail where no browser is found, instead of skipping",
            "0",
            Kind.YES,
        ),
        _outside(
            "EXAMGEN_REQUIRE_OCR",
            "fail where no tesseract is found, instead of skipping",
            "0",
            Kind.YES,
        ),
        _outside(
            "EXAMGEN_CONTAINERS",
            "`absent` on machines that are known to run no containers",
        ),
        _outside(
            "EXAMGEN_CONTAINER_STACK",
            "the running stack that `make container-test` hands to its tests",
        ),
    ),
    before="Read by the suite, and by nothing else.",
)
