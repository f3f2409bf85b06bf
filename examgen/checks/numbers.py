"""The number of everything that can be configured wrongly; docs/checks.md shows them.

A number is given once and never again to something else: operators search for them.
`E` stops every command, `W` is said. Those from E100 on are found while the settings are
read, before Django can check anything, and end with one line instead of a hint.
"""

from __future__ import annotations

from dataclasses import dataclass

from examgen.settings.declared import DECLARED, Kind


@dataclass(frozen=True, slots=True)
class Number:
    """What is wrong, in Markdown, and the variables that cure it.

    `deploy` is only looked at by `manage.py check --deploy`; `asks` by the commands that
    ask other servers and the disk.
    """

    means: str
    variables: tuple[str, ...] = ()
    deploy: bool = False
    asks: bool = False


_SITE = ("EXAMGEN_URL", "EXAMGEN_HOSTS")
_REDIS = ("REDIS_URL", "CACHE_URL")
_KEYS = ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
_POOL = ("EXAMGEN_POOL_MIN", "EXAMGEN_POOL_MAX")
_HOUSES = tuple(
    name
    for name in DECLARED
    if name.startswith(("GOOGLE_", "GITHUB_", "MICROSOFT_", "OIDC_"))
    and name != "OIDC_NAME"
)


def _of_kind(*kinds: Kind) -> tuple[str, ...]:
    return tuple(
        variable.name
        for variable in DECLARED.values()
        if variable.kind in kinds and not variable.outside
    )


NUMBERS: dict[str, Number] = {
    "E001": Number("the demo on a host that others reach", ("EXAMGEN_DEMO",)),
    "E002": Number("a bell that there is not", ("EXAMGEN_BELL",)),
    "E003": Number(
        "a lease that does not outlive two heartbeats",
        ("EXAMGEN_JOB_LEASE", "EXAMGEN_JOB_HEARTBEAT"),
    ),
    "E004": Number("an unknown way to become an educator", ("EDUCATOR_SIGNUP",)),
    "E005": Number("an engine that there is not", ("EXAMGEN_ENGINE",)),
    "E006": Number("Celery on SQLite", ("EXAMGEN_BELL", "DATABASE_URL")),
    "E007": Number("a text recognition that there is not", ("EXAMGEN_OCR",)),
    "E008": Number("text recognition that is not installed", ("EXAMGEN_OCR",)),
    "E009": Number("a language that it does not know", ("EXAMGEN_OCR_LANGUAGES",)),
    "E020": Number("neither `resend` nor `hold`", ("EXAMGEN_MAIL_AFTER_CRASH",)),
    "E021": Number("two ways for mail", ("EMAIL_URL", "MAILGUN_API_KEY")),
    "E022": Number("Mailgun's key without a domain", ("MAILGUN_DOMAIN",)),
    "E023": Number("a region that Mailgun does not have", ("MAILGUN_REGION",)),
    "E024": Number("Mailgun without its package", ("MAILGUN_API_KEY",)),
    "E025": Number("a sender that is no address", ("EXAMGEN_FROM",)),
    "E026": Number("Mailgun's domain without a key", ("MAILGUN_DOMAIN",)),
    "E027": Number("a user of the mail server without a password", ("EMAIL_URL",)),
    "E030": Number(
        "a secret of the demo outside the demo",
        ("EXAMGEN_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", _KEYS[1]),
    ),
    "E031": Number("a host with scheme, port or path", ("EXAMGEN_HOSTS",)),
    "E033": Number("a key that can be guessed", ("EXAMGEN_SECRET_KEY",)),
    "E034": Number("debug pages on a host that others reach", ("EXAMGEN_DEBUG",)),
    "E035": Number("half of what another house needs", _HOUSES),
    "E036": Number("several web processes on SQLite", ("EXAMGEN_WEB_WORKERS",)),
    "E037": Number("a logo that cannot be shown", ("EXAMGEN_LOGO",)),
    "E038": Number("a name that fits into no line", ("EXAMGEN_SITE_NAME",)),
    "E040": Number("PostgreSQL lets nobody in", ("DATABASE_URL",), asks=True),
    "E041": Number("PostgreSQL without UTF-8", ("DATABASE_URL",), asks=True),
    "E042": Number("tables older than the release: `manage.py migrate`", asks=True),
    "E043": Number("tables that may not be read", ("DATABASE_URL",), asks=True),
    "E050": Number("Celery without a broker", ("REDIS_URL",), asks=True),
    "E051": Number("Redis does not take the password", _REDIS, asks=True),
    "E052": Number("Redis has no such database", _REDIS, asks=True),
    "E053": Number("what answers is no Redis", _REDIS, asks=True),
    "E054": Number("Redis cannot be trusted", _REDIS, asks=True),
    "E060": Number("SQLite's file cannot be opened", ("DATABASE_URL",), asks=True),
    "E061": Number(
        "the store cannot be used", ("EXAMGEN_DATA", "S3_BUCKET"), asks=True
    ),
    "E062": Number("an S3 server without a bucket", ("S3_BUCKET",)),
    "E063": Number("a bucket by an impossible name", ("S3_BUCKET",)),
    "E064": Number("half of a key", _KEYS),
    "E070": Number("the mail server does not sign us in", ("EMAIL_URL",), asks=True),
    "E071": Number("the mail server speaks otherwise", ("EMAIL_URL",), asks=True),
    "E080": Number("what nobody foresaw, while another server was asked", asks=True),
    "E100": Number("no number", _of_kind(Kind.WHOLE, Kind.NUMBER)),
    "E101": Number("a number that is too small", _of_kind(Kind.WHOLE, Kind.NUMBER)),
    "E102": Number("neither 1 nor 0", _of_kind(Kind.YES)),
    "E103": Number(
        "none of the words",
        ("EXAMGEN_LOG_LEVEL", "EXAMGEN_LOG_FORMAT", "S3_ADDRESSING_STYLE"),
    ),
    "E104": Number(
        "no address of the web",
        (
            *("EXAMGEN_URL", "EXAMGEN_MAILBOX_URL", "OIDC_SERVER_URL"),
            *("S3_ENDPOINT_URL", "S3_PUBLIC_URL"),
        ),
    ),
    "E105": Number("no address of a Redis", _REDIS),
    "E106": Number("no address of a mail server", ("EMAIL_URL",)),
    "E107": Number("no address of a database", ("DATABASE_URL",)),
    "E108": Number("a pool that is smaller than it begins", _POOL),
    "E109": Number(
        "a package that is not installed",
        (*_REDIS, "EXAMGEN_BELL", "DATABASE_URL", "S3_BUCKET", "EXAMGEN_TOOLBAR"),
    ),
    "E110": Number(
        "no key to be had", ("EXAMGEN_SECRET_KEY", "EXAMGEN_SECRET_KEY_FILE")
    ),
    "E111": Number("a folder that cannot be written", ("EXAMGEN_DATA",)),
    "W001": Number("no TLS", ("EXAMGEN_URL",), deploy=True),
    "W002": Number("an address whose host is not answered", _SITE),
    "W003": Number("every host is answered", ("EXAMGEN_HOSTS",), deploy=True),
    "W004": Number("TLS that nobody ends", ("EXAMGEN_BEHIND_PROXY",), deploy=True),
    "W005": Number("a variable `EXAMGEN_...` that nobody reads"),
    "W021": Number("mail that is not sent", ("EMAIL_URL",), deploy=True),
    "W022": Number("a sender at localhost", ("EXAMGEN_FROM",), deploy=True),
    "W050": Number("Redis is away", _REDIS, asks=True),
    "W051": Number("Redis refuses", _REDIS, asks=True),
    "W062": Number("pictures by http on pages by https", ("S3_PUBLIC_URL",)),
    "W070": Number("the mail server is away", ("EMAIL_URL",), asks=True),
}
