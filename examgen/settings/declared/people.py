"""Who may come in, and how mail leaves."""

from __future__ import annotations

from examgen.settings.declared.variable import Kind, Section, Variable


def _provider(name: str, prefix: str) -> tuple[Variable, Variable]:
    return (
        Variable(
            f"{prefix}_CLIENT_ID",
            f"sign-in with {name} appears when both are set",
        ),
        Variable(
            f"{prefix}_CLIENT_SECRET",
            f"what {name} gave with it",
            Kind.SECRET,
        ),
    )


PEOPLE = Section(
    "People",
    (
        Variable(
            "EDUCATOR_SIGNUP",
            "`open`: whoever says so at sign-up; `approval`: asks, an admin grants or "
            "declines; `invite`: an admin grants it, or invites an address in the admin",
            Kind.WORD,
            otherwise="`approval` (demo: `open`)",
            words=("open", "approval", "invite"),
        ),
        *_provider("Google", "GOOGLE"),
        *_provider("GitHub", "GITHUB"),
        *_provider("Microsoft", "MICROSOFT"),
        Variable(
            "OIDC_SERVER_URL",
            "any OpenID Connect provider; it needs the next two as well",
            Kind.ADDRESS,
            example="https://login.example.org",
        ),
        Variable("OIDC_CLIENT_ID", "as the provider knows the site"),
        Variable("OIDC_CLIENT_SECRET", "what it gave with it", Kind.SECRET),
        Variable(
            "OIDC_NAME",
            "what the button says",
            default="Single sign-on",
        ),
    ),
)

MAIL = Section(
    "Mail",
    (
        Variable(
            "EMAIL_URL",
            "`smtp://`, `smtp+tls://` or `smtp+ssl://` with user, password, host and "
            "port",
            Kind.ADDRESS,
            otherwise="console (demo: files)",
            example="smtp+tls://user:password@mail.example.org:587",
        ),
        Variable(
            "EXAMGEN_MAILBOX_URL",
            "page of the catcher that takes a demo's mails; the demo's mailbox leads "
            "there",
            Kind.ADDRESS,
        ),
        Variable(
            "MAILGUN_API_KEY",
            "mail by Mailgun's API instead of `EMAIL_URL`; needs "
            "`requirements/deploy.txt`",
            Kind.SECRET,
        ),
        Variable(
            "MAILGUN_DOMAIN",
            "the domain that Mailgun sends for",
            example="mg.example.org",
        ),
        Variable(
            "MAILGUN_REGION",
            "where the domain lives",
            Kind.WORD,
            default="us",
            words=("us", "eu"),
        ),
        Variable(
            "EXAMGEN_FROM",
            "sender of all mail",
            otherwise="the site's name `<noreply@localhost>`",
            example="Examgen <exams@example.org>",
        ),
        Variable(
            "EXAMGEN_MAIL_RETRY",
            "seconds until a mail that did not get through is tried again; grows up to "
            "30 minutes",
            Kind.NUMBER,
            default="5",
            least=0,
        ),
        Variable(
            "EXAMGEN_MAIL_AFTER_CRASH",
            "a mail of which nobody knows whether it left: `resend`, or `hold` for an "
            "administrator; see [mails.md](mails.md)",
            Kind.WORD,
            default="resend",
            words=("resend", "hold"),
        ),
    ),
)
