"""What nobody foresaw in a probe is an error that names the variable."""

from __future__ import annotations

from examgen import probes

ADDRESS = "redis://:hush@host:6379/0"


def careless():
    raise LookupError(ADDRESS)


def test_it_has_a_sentence_without_the_value() -> None:
    (found,) = probes.asked([("REDIS_URL", careless)])
    assert (found.id, found.msg, found.hint) == (
        "examgen.E080",
        "What REDIS_URL says cannot be used (LookupError).",
        "Compare REDIS_URL with docs/configuration.md.",
    )
