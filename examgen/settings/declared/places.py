"""Where rows and files are kept."""

from __future__ import annotations

from examgen.settings.declared.variable import Kind, Section, Variable

DATABASE = Section(
    "Database",
    (
        Variable(
            "DATABASE_URL",
            "`sqlite:////srv/examgen/db.sqlite3`, or a PostgreSQL server",
            Kind.ADDRESS,
            otherwise="SQLite in `EXAMGEN_DATA`",
            example="postgresql://user:password@host:5432/name",
        ),
        Variable(
            "EXAMGEN_POOL_MIN",
            "PostgreSQL connections that each web process keeps",
            Kind.WHOLE,
            default="1",
            least=0,
        ),
        Variable(
            "EXAMGEN_POOL_MAX",
            "and has at most",
            Kind.WHOLE,
            default="10",
            least=1,
        ),
        Variable(
            "EXAMGEN_POOL_WAIT",
            "seconds that a request waits for one before it is answered with 503",
            Kind.WHOLE,
            default="5",
            least=0,
        ),
        Variable(
            "EXAMGEN_STATEMENT_TIMEOUT",
            "seconds after which PostgreSQL ends a statement; 0 for never",
            Kind.WHOLE,
            otherwise="15 (commands: 0)",
            least=0,
        ),
    ),
    after="In user and password write `/` as `%2F`, `@` as `%40`, and so on. What follows "
    "`?` goes to\nthe driver: `?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem` for "
    "TLS,\n`?connect_timeout=9`, `?options=-c%20lock_timeout%3D10s` for other limits.",
)

STORE = Section(
    "Store",
    (
        Variable(
            "S3_BUCKET",
            "name of the bucket; it must exist",
            example="examgen",
        ),
        Variable(
            "S3_ENDPOINT_URL",
            "the server as the site reaches it",
            Kind.ADDRESS,
            otherwise="AWS",
            example="https://s3.example.org",
        ),
        Variable("S3_REGION", "its region", otherwise="`us-east-1`"),
        Variable(
            "S3_ACCESS_KEY_ID",
            "the key that opens the bucket",
            otherwise="the machine's own key",
        ),
        Variable(
            "S3_SECRET_ACCESS_KEY",
            "its other half; both or neither",
            Kind.SECRET,
            otherwise="the machine's own key",
        ),
        Variable(
            "S3_ADDRESSING_STYLE",
            "`path`: bucket in the path; `virtual`: in the host's name; `auto`: `path` "
            "with an `S3_ENDPOINT_URL`",
            Kind.WORD,
            default="auto",
            words=("auto", "path", "virtual"),
        ),
        Variable(
            "S3_PUBLIC_URL",
            "the server as browsers reach it; then pictures and PDFs are sent from there "
            "by links that live for 60 s, else the site streams them",
            Kind.ADDRESS,
            example="https://media.example.org",
        ),
    ),
    before="Without `S3_BUCKET` files live in `EXAMGEN_DATA`. With it they live in a "
    "private bucket\nof any S3 server, which needs `requirements/deploy.txt`. The key "
    "must be allowed to\nlist, read, write and delete in it. One bucket belongs to one "
    "site: objects that no row\nof its database names are removed after a day.",
)
