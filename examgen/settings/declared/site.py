"""Who the site is, where it listens, and how it is told apart from others."""

from __future__ import annotations

from examgen.settings.declared.variable import Kind, Section, Variable

SITE = Section(
    "Site",
    (
        Variable(
            "EXAMGEN_URL",
            "the address people type; links in mails are built from it",
            Kind.ADDRESS,
            default="http://127.0.0.1:8000",
            example="https://exams.example.org",
        ),
        Variable(
            "EXAMGEN_HOSTS",
            "host names that are answered",
            Kind.LIST,
            default="127.0.0.1,localhost,[::1]",
            example="exams.example.org",
        ),
        Variable(
            "EXAMGEN_SITE_NAME",
            "what the site is called in its pages, its mails and the admin",
            default="Examgen",
            example="Example University",
        ),
        Variable(
            "EXAMGEN_LOGO",
            "a picture (PNG, JPEG or WebP, at most 256 KB) that stands before the name",
            Kind.PATH,
            example="/srv/examgen/logo.png",
        ),
        Variable(
            "EXAMGEN_BEHIND_PROXY",
            "trust `X-Forwarded-Proto`, `X-Forwarded-For` and `X-Request-ID` of a proxy "
            "that ends TLS",
            Kind.YES,
            default="0",
        ),
        Variable(
            "EXAMGEN_SECRET_KEY",
            "50 or more random characters",
            Kind.SECRET,
            otherwise="generated",
        ),
        Variable(
            "EXAMGEN_SECRET_KEY_FILE",
            "where the generated key is kept, readable by this account alone",
            Kind.PATH,
            otherwise="`~/.local/state/examgen/secret`",
        ),
        Variable(
            "EXAMGEN_SECRET_KEY_FALLBACKS",
            "former keys that are still accepted, also for the seals of receipts",
            Kind.LIST,
        ),
        Variable(
            "EXAMGEN_DATA",
            "folder of database, store and mails of a small site",
            Kind.PATH,
            otherwise="`var` beside `manage.py`",
            example="/var/lib/examgen",
        ),
        Variable(
            "EXAMGEN_STATIC",
            "folder of the collected static files; the image brings its own",
            Kind.PATH,
            otherwise="`static` in `EXAMGEN_DATA`",
        ),
        Variable(
            "EXAMGEN_ENV_FILE",
            "the file that is read for what the environment does not have",
            Kind.PATH,
            otherwise="`.env` beside `manage.py`",
        ),
        Variable(
            "EXAMGEN_DEMO",
            "demo people with public passwords; refused on any host but loopback",
            Kind.YES,
            default="0",
        ),
        Variable(
            "EXAMGEN_DEBUG",
            "Django's debug pages, for development; refused on any host but loopback",
            Kind.YES,
            default="0",
        ),
        Variable(
            "EXAMGEN_TOOLBAR",
            "the debug toolbar, with `EXAMGEN_DEBUG`",
            Kind.YES,
            default="0",
        ),
        Variable(
            "EXAMGEN_LOG_LEVEL",
            "least level that is logged",
            Kind.WORD,
            default="INFO",
            words=("DEBUG", "INFO", "WARNING", "ERROR"),
        ),
        Variable(
            "EXAMGEN_LOG_FORMAT",
            "one JSON object a line, or text for people",
            Kind.WORD,
            otherwise="`json` (demo, debug: `text`)",
            words=("json", "text"),
        ),
        Variable(
            "EXAMGEN_WEB_WORKERS",
            "web processes; about one per core",
            Kind.WHOLE,
            otherwise="2 (SQLite: 1)",
            least=1,
        ),
        Variable(
            "EXAMGEN_WEB_THREADS",
            "threads in each; an upload holds one until it has come in",
            Kind.WHOLE,
            default="8",
            least=1,
        ),
        Variable(
            "EXAMGEN_WEB_GRACE",
            "seconds that requests in flight have to end after a stop",
            Kind.WHOLE,
            default="25",
            least=1,
        ),
        Variable(
            "EXAMGEN_WEB_SILENCE",
            "seconds after which a client that neither sends nor takes anything is cut "
            "off",
            Kind.WHOLE,
            default="30",
            least=1,
        ),
        Variable(
            "EXAMGEN_ROLE",
            "what a process is for; the programs set it themselves",
            otherwise="set by the programs",
        ),
    ),
)

FIRST_RUN = Section(
    "First run",
    (
        Variable(
            "EXAMGEN_ADMIN_EMAIL",
            "address of the first administrator",
            example="admin@example.org",
        ),
        Variable("EXAMGEN_ADMIN_NAME", "their name, as others see it"),
        Variable(
            "EXAMGEN_ADMIN_PASSWORD_FILE",
            "file whose first line is their password",
            Kind.PATH,
        ),
        Variable(
            "EXAMGEN_ADMIN_PASSWORD",
            "the password itself, where there is no file for it",
            Kind.SECRET,
        ),
    ),
    before="Read by `manage.py setup_site` alone, where nobody is there to be asked "
    "([operations.md](operations.md)).",
)
